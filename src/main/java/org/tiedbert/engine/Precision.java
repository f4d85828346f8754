package org.tiedbert.engine;

import java.util.List;

/**
 * Number format of matrix products; parameters, statistics, softmax and loss are float32 in both.
 */
public enum Precision {
  FLOAT32(List.of()),
  /** Operands rounded to bfloat16, accumulated in float32 by the kernels, result in bfloat16. */
  BFLOAT16(List.of(new Bfloat16Products()));

  private final List<GraphPass> passes;

  Precision(List<GraphPass> passes) {
    this.passes = passes;
  }

  /** Passes over the forward graph, before gradients: a cast's gradient is a cast. */
  public List<GraphPass> forwardPasses() {
    return passes;
  }
}
