package org.tiedbert.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * How graphs run.
 *
 * @param precision of matrix products
 * @param xla what XLA compiles
 * @param device where the step runs
 * @param numThreads for the operations of a step; 0 takes all cores
 * @param recompute whether the backward pass computes each layer's forward pass again instead of
 *     keeping it
 */
public record EngineConfig(
    Precision precision, XlaMode xla, Device device, int numThreads, boolean recompute) {
  /** Kind of device a step runs on. */
  public enum Device {
    CPU,
    GPU
  }

  public EngineConfig {
    if (numThreads < 0) {
      throw new IllegalArgumentException("numThreads must be at least 0, got " + numThreads);
    }
    if (recompute && xla.isWhole()) {
      throw new IllegalArgumentException(
          "recompute and xla: full do not go together: a compiler of all of a step decides by itself"
              + " what it computes again; take another of the two");
    }
  }

  /** One that keeps the forward pass. */
  public EngineConfig(Precision precision, XlaMode xla, Device device, int numThreads) {
    this(precision, xla, device, numThreads, false);
  }

  /** Passes over a forward graph, before gradients are taken. */
  public List<GraphPass> passesBeforeGradients() {
    List<GraphPass> passes = new ArrayList<>(precision.forwardPasses());
    passes.add(new BatchMatMulKernels());
    passes.add(new CustomGradients(precision));
    return passes;
  }

  /** Passes over the whole graph, after gradients and update. */
  public List<GraphPass> passesAfterUpdate() {
    List<GraphPass> passes = new ArrayList<>();
    if (recompute) {
      passes.add(new Recomputation());
    }
    passes.add(new CustomGradientOrder());
    passes.add(new TiedTableGradient());
    passes.addAll(precision.trainingPasses());
    passes.add(new BatchMatMulKernels());
    passes.addAll(xla.passes());
    return passes;
  }

  /** Threads for the operations of a step: TensorFlow alone would not see a container's limit. */
  int threadsOrAll() {
    return numThreads == 0 ? Runtime.getRuntime().availableProcessors() : numThreads;
  }
}
