package org.tiedbert.engine;

import java.util.List;

/** What XLA compiles. */
public enum XlaMode {
  /** Nothing: every operation runs its own kernel. */
  OFF(List.of()),
  /** Chains of element-wise operations and reductions; matrix products keep their own kernels. */
  FUSIBLE(List.of(new XlaFusible()));

  private final List<GraphPass> passes;

  XlaMode(List<GraphPass> passes) {
    this.passes = passes;
  }

  /** Passes over the whole graph, after gradients and update. */
  public List<GraphPass> passes() {
    return passes;
  }
}
