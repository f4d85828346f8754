package org.tiedbert.chart;

import java.util.DoubleSummaryStatistics;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.ui.RectangleInsets;

/**
 * An axis of a plot.
 *
 * @param title what it measures, with its unit
 * @param isWhole whether it is of counts, and has ticks at whole numbers alone
 * @param range the values that it shows; empty for those that there are
 */
public record Axis(String title, boolean isWhole, Optional<Range> range) {
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
    return new Axis(title, false, Optional.empty());
  }

  /** Of counts, such as layers and steps. */
  public static Axis whole(String title) {
    return new Axis(title, true, Optional.empty());
  }

  /** The same axis over other values. */
  public Axis over(double from, double to) {
    return new Axis(title, isWhole, Optional.of(new Range(from, to)));
  }

  /** Drawn from left to right, over its range or else these values and a little room. */
  ValueAxis across(DoubleStream values) {
    return drawn(values, new RectangleInsets(2, 8, 2, 8));
  }

  /** Drawn upwards, over its range or else these values and a little room. */
  ValueAxis upwards(DoubleStream values) {
    return drawn(values, new RectangleInsets(9, 4, 9, 4));
  }

  /**
   * @param room around labels, which keeps ticks apart
   */
  private ValueAxis drawn(DoubleStream values, RectangleInsets room) {
    Range shown = range.orElseGet(() -> rangeOf(values));
    ValueAxis axis = new NumberAxis();
    HouseStyle.label(axis, title);
    axis.setStandardTickUnits(Ticks.units(isWhole));
    axis.setTickLabelInsets(room);
    axis.setRange(shown.from, shown.to);
    return axis;
  }

  private static Range rangeOf(DoubleStream values) {
    DoubleSummaryStatistics shown = values.filter(Double::isFinite).summaryStatistics();
    double from = shown.getCount() == 0 ? 0 : shown.getMin();
    double to = shown.getCount() == 0 ? 1 : shown.getMax();
    double room = to > from ? 0.04 * (to - from) : Math.max(Math.abs(to), 1e-3) / 2;
    return new Range(from - room, to + room);
  }
}
