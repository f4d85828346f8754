package org.tiedbert.engine;

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

  /** Threads for the operations of a step: TensorFlow alone would not see a container's limit. */
  int threadsOrAll() {
    return numThreads == 0 ? Runtime.getRuntime().availableProcessors() : numThreads;
  }
}
