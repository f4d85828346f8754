package org.tiedbert.train;

import java.util.Arrays;

/**
 * Seconds of steps, in order.
 *
 * @param p10 that one step of ten did not exceed
 * @param p90 that nine steps of ten did not exceed
 */
public record StepTimes(int numSteps, double p10, double median, double p90) {

  /** From the seconds of steps in any order. */
  public static StepTimes of(double[] seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    return new StepTimes(
        sorted.length, quantile(sorted, 0.1), quantile(sorted, 0.5), quantile(sorted, 0.9));
  }

  /** The smallest of the values that is no less than the given share of them. */
  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }
}
