package org.tiedbert.engine;

import java.util.List;
import org.tensorflow.Graph;

/** What XLA compiles. */
public enum XlaMode {
  /** Nothing: every operation runs its own kernel. */
  OFF(List.of(), false),
  /** Chains of element-wise operations and reductions; matrix products keep their own kernels. */
  FUSIBLE(List.of(new XlaFusible()), false),
  /** Every {@link Program} as a whole, with static shapes, as devices like a TPU want it. */
  FULL(List.of(), true);

  private final List<GraphPass> passes;
  private final boolean isWhole;

  XlaMode(List<GraphPass> passes, boolean isWhole) {
    this.passes = passes;
    this.isWhole = isWhole;
  }

  /** Passes over the whole graph, after gradients and update. */
  public List<GraphPass> passes() {
    return passes;
  }

  /** Whether a program is compiled as one. */
  public boolean isWhole() {
    return isWhole;
  }

  /**
   * A program as it is to be run: the same, or what is added to the graph for it.
   *
   * @param graph of the program, before it is passed through {@link #passes}
   */
  public Program compile(Graph graph, Program program) {
    return isWhole ? XlaProgram.of(graph, program) : program;
  }
}
