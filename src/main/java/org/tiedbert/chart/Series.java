package org.tiedbert.chart;

import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Points of a plot that belong together. One without points is only in the legend.
 *
 * @param name in the legend; empty for one that is not
 * @param x from left to right where points are joined
 * @param y as many; one that is no finite number is left out
 * @param errors half the lengths of the points' error bars, as many
 */
public record Series(String name, double[] x, double[] y, Optional<double[]> errors, Ink ink) {
  public Series {
    int numErrors = errors.isPresent() ? errors.get().length : y.length;
    if (x.length != y.length || numErrors != y.length) {
      throw new IllegalArgumentException(
          "a series needs as many x as y and errors, got %d, %d and %d"
              .formatted(x.length, y.length, numErrors));
    }
    x = x.clone();
    y = y.clone();
    errors = errors.map(double[]::clone);
  }

  public static Series of(String name, double[] x, double[] y, Ink ink) {
    return new Series(name, x, y, Optional.empty(), ink);
  }

  /** An entry of the legend that explains a kind of line. */
  public static Series key(String name, Ink ink) {
    return of(name, new double[0], new double[0], ink);
  }

  public Series withErrors(double[] halfLengths) {
    return new Series(name, x, y, Optional.of(halfLengths), ink);
  }

  @Override
  public double[] x() {
    return x.clone();
  }

  @Override
  public double[] y() {
    return y.clone();
  }

  @Override
  public Optional<double[]> errors() {
    return errors.map(double[]::clone);
  }

  /** Whether a point's error bar has a length. */
  boolean hasError(int point) {
    return errors.isPresent() && errors.get()[point] > 0 && Double.isFinite(errors.get()[point]);
  }

  /** The lower ends of the error bars; the values themselves where there are none. */
  double[] lows() {
    return ends(-1);
  }

  /** The upper ends of the error bars; the values themselves where there are none. */
  double[] highs() {
    return ends(1);
  }

  /** All that an axis should show. */
  DoubleStream ends() {
    return DoubleStream.concat(DoubleStream.of(lows()), DoubleStream.of(highs()));
  }

  private double[] ends(int side) {
    return IntStream.range(0, y.length)
        .mapToDouble(i -> hasError(i) ? y[i] + side * errors.get()[i] : y[i])
        .toArray();
  }
}
