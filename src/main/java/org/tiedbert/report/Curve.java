package org.tiedbert.report;

import java.util.Arrays;

/**
 * A line of a chart: points from left to right.
 *
 * @param name in the legend
 */
record Curve(String name, double[] x, double[] y) {

  /**
   * As many points at most, each the mean of equally many neighbours; what is no number is none.
   */
  Curve thinned(int maxPoints) {
    int n = numPerPoint(x.length, maxPoints);
    int numPoints = (x.length + n - 1) / n;
    double[] meanX = new double[numPoints];
    double[] meanY = new double[numPoints];
    for (int point = 0; point < numPoints; point++) {
      int from = point * n;
      int to = Math.min(x.length, from + n);
      meanX[point] = Arrays.stream(x, from, to).average().orElseThrow();
      meanY[point] =
          Arrays.stream(y, from, to).filter(Double::isFinite).average().orElse(Double.NaN);
    }
    return new Curve(name, meanX, meanY).finite();
  }

  /** How many neighbours {@link #thinned} takes together. */
  static int numPerPoint(int length, int maxPoints) {
    return Math.max(1, (length + maxPoints - 1) / maxPoints);
  }

  /** The points whose values are numbers. */
  Curve finite() {
    double[] keptX = new double[x.length];
    double[] keptY = new double[x.length];
    int kept = 0;
    for (int i = 0; i < x.length; i++) {
      if (Double.isFinite(y[i])) {
        keptX[kept] = x[i];
        keptY[kept++] = y[i];
      }
    }
    return new Curve(name, Arrays.copyOf(keptX, kept), Arrays.copyOf(keptY, kept));
  }

  boolean isEmpty() {
    return x.length == 0;
  }
}
