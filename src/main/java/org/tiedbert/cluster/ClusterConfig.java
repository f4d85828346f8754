package org.tiedbert.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tiedbert.engine.Precision;

/**
 * Several workers for one run. They are named here, the same way for all, or by the environment
 * variable {@code TF_CONFIG}.
 *
 * @param workers {@code host:port} of each worker's server; the first is the chief. Empty for a run
 *     on one machine, or where {@code TF_CONFIG} says it
 * @param privateNetwork that nobody else reaches those ports: TensorFlow's servers listen on all
 *     interfaces and ask nobody who they are
 * @param timeout the longest that a worker waits for another one in the middle of the run; more
 *     than a checkpoint takes. Empty for {@link #DEFAULT_TIMEOUT}
 * @param gradients precision in which gradients are sent and added up
 */
public record ClusterConfig(
    List<String> workers, boolean privateNetwork, Optional<Duration> timeout, Precision gradients) {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  public ClusterConfig {
    workers = List.copyOf(workers);
    workers.forEach(ClusterSpec::requireAddress);
    if (timeout.isPresent() && timeout.get().toSeconds() < 1) {
      throw new IllegalArgumentException(
          "timeout must be at least a second (PT1S), got " + timeout.get());
    }
  }

  /** What decides on a run's results; the rest may differ each time that it is continued. */
  public ClusterConfig ofResults() {
    return new ClusterConfig(List.of(), false, Optional.empty(), gradients);
  }

  /**
   * Bytes that each worker sends for one sum of gradients: around a ring, 2·(W−1)/W of those of its
   * values (Patarasu and Yuan 2009, section 3).
   */
  public long sentBytes(int numWorkers, long numValues) {
    int bytesPerValue = gradients == Precision.FLOAT32 ? Float.BYTES : Short.BYTES;
    return 2 * (numWorkers - 1) * numValues * bytesPerValue / numWorkers;
  }

  /** {@link #timeout}, or the default. */
  public Duration deadline() {
    return timeout.orElse(DEFAULT_TIMEOUT);
  }
}
