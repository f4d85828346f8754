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
 */
public record EngineConfig(Precision precision, XlaMode xla, Device device, int numThreads) {
  /** Kind of device a step runs on. */
  public enum Device {
    CPU,
    GPU
  }

  public EngineConfig {
    if (numThreads < 0) {
      throw new IllegalArgumentException("numThreads must be at least 0, got " + numThreads);
    }
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
    List<GraphPass> passes =
        new ArrayList<>(List.of(new CustomGradientOrder(), new TiedTableGradient()));
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
