package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The running mean of a stage's training losses, by which a spike is told: the plain mean of the
 * first {@value #WINDOW}, then an exponential one in which each further loss has a weight of 1 /
 * {@value #WINDOW}.
 *
 * @param mean in nats; 0 before the first loss
 * @param numLosses how many went into it
 */
public record LossTrend(
    @JsonProperty(required = true) double mean, @JsonProperty(required = true) long numLosses) {
  /** The start of a stage. */
  public static final LossTrend NONE = new LossTrend(0, 0);

  private static final int WINDOW = 100;

  /** With fewer losses the mean says little. */
  private static final int MIN_LOSSES = 20;

  public LossTrend {
    if (!Double.isFinite(mean) || numLosses < 0) {
      throw new IllegalArgumentException(
          "a trend has a finite mean and a number of losses, got %s and %d"
              .formatted(mean, numLosses));
    }
  }

  /** The trend after one more loss. */
  public LossTrend with(double loss) {
    long n = numLosses + 1;
    return new LossTrend(mean + (loss - mean) / Math.min(n, WINDOW), n);
  }

  /** {@code maxRatio} times the mean, infinite before that is worth anything. */
  public double limit(double maxRatio) {
    return numLosses >= MIN_LOSSES ? maxRatio * mean : Double.POSITIVE_INFINITY;
  }
}
