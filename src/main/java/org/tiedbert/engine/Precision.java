package org.tiedbert.engine;

import java.util.List;

/**
 * Number format of matrix products; parameters, statistics, softmax and loss are float32 in both.
 */
public enum Precision {
  FLOAT32(List.of(), List.of()),
  /**
   * Operands rounded to bfloat16, accumulated in float32 by the kernels, result in bfloat16, to
   * which biases are added in it. What the forward pass keeps of GELU and softmax is rounded
   * likewise.
   */
  BFLOAT16(
      List.of(new Bfloat16Products()),
      List.of(Casts::skipPairs, new BiasGradients(), new BackwardWeights()));

  private final List<GraphPass> forwardPasses;
  private final List<GraphPass> trainingPasses;

  Precision(List<GraphPass> forwardPasses, List<GraphPass> trainingPasses) {
    this.forwardPasses = forwardPasses;
    this.trainingPasses = trainingPasses;
  }

  /** Passes over the forward graph, before gradients: a cast's gradient is a cast. */
  public List<GraphPass> forwardPasses() {
    return forwardPasses;
  }

  /** Passes over the whole graph, after gradients. */
  List<GraphPass> trainingPasses() {
    return trainingPasses;
  }
}
