package org.tiedbert.eval;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.hipparchus.stat.descriptive.moment.Mean;
import org.hipparchus.stat.descriptive.moment.StandardDeviation;
import org.hipparchus.stat.descriptive.rank.Median;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/**
 * How a score is spread over seeds. What is not defined is null: all but the counts where no seed
 * has a score.
 *
 * @param numSeeds how many there are
 * @param numUndefined how many of them have no score, since they diverged or a metric is undefined
 * @param median a seed without a score counts below all others; null where that is the median
 * @param mean over the seeds that have a score, as are all that follow
 * @param standardDeviation with n − 1 in the denominator; null for fewer than two
 * @param lowerQuartile interpolated as NumPy does (type 7 of Hyndman and Fan 1996)
 */
public record SeedSpread(
    int numSeeds,
    int numUndefined,
    Double median,
    Double mean,
    Double standardDeviation,
    Double min,
    Double lowerQuartile,
    Double upperQuartile,
    Double max) {

  /**
   * @param scores of the seeds, empty where there is none
   */
  public static SeedSpread of(List<OptionalDouble> scores) {
    double[] defined =
        scores.stream()
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .sorted()
            .toArray();
    int numUndefined = scores.size() - defined.length;
    if (defined.length == 0) {
      return new SeedSpread(scores.size(), numUndefined, null, null, null, null, null, null, null);
    }
    return new SeedSpread(
        scores.size(),
        numUndefined,
        median(scores),
        new Mean().evaluate(defined),
        defined.length < 2 ? null : new StandardDeviation().evaluate(defined),
        defined[0],
        percentile(defined, 25),
        percentile(defined, 75),
        defined[defined.length - 1]);
  }

  private static Double median(List<OptionalDouble> scores) {
    double[] all =
        scores.stream().mapToDouble(score -> score.orElse(Double.NEGATIVE_INFINITY)).toArray();
    Arrays.sort(all);
    boolean isDefined = all[(all.length - 1) / 2] > Double.NEGATIVE_INFINITY;
    return isDefined ? new Median().evaluate(all) : null;
  }

  private static double percentile(double[] values, double percent) {
    return new Percentile(percent).withEstimationType(EstimationType.R_7).evaluate(values);
  }
}
