package org.tiedbert.analysis;

import java.util.Optional;

/**
 * An axis of a plot.
 *
 * @param title what it measures, with its unit
 * @param scale of its values
 * @param range the values that it shows; empty for those that there are
 */
public record Axis(String title, Scale scale, Optional<Range> range) {
  /** How values stand along an axis. */
  public enum Scale {
    LINEAR,
    /** Equal ratios are equal distances; of values above 0. */
    LOG,
    /** Of counts, which has ticks at whole numbers alone. */
    WHOLE
  }

  /** From below to above. */
  public record Range(double from, double to) {
    public Range {
      if (!(from < to) || Double.isInfinite(from) || Double.isInfinite(to)) {
        throw new IllegalArgumentException(
            "a range needs two finite numbers in ascending order, got %s and %s"
                .formatted(from, to));
      }
    }
  }

  public static Axis linear(String title) {
    return new Axis(title, Scale.LINEAR, Optional.empty());
  }

  public static Axis log(String title) {
    return new Axis(title, Scale.LOG, Optional.empty());
  }

  /** Of counts, such as layers and steps. */
  public static Axis whole(String title) {
    return new Axis(title, Scale.WHOLE, Optional.empty());
  }

  /** The same axis over other values. */
  public Axis over(double from, double to) {
    return new Axis(title, scale, Optional.of(new Range(from, to)));
  }
}
