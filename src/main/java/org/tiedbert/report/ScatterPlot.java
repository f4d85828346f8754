package org.tiedbert.report;

import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.tiedbert.chart.Axis;
import org.tiedbert.chart.Ink;
import org.tiedbert.chart.Picture;
import org.tiedbert.chart.Plot;
import org.tiedbert.chart.Series;
import org.tiedbert.eval.DevPrediction;

/** Predicted scores against the right ones, with a line where the two are equal. */
final class ScatterPlot {
  private static final int SIZE = 400;
  private static final int MAX_POINTS = 1000;

  private final List<DevPrediction> predictions;

  /**
   * @param predictions of scores; those that are no finite numbers are left out
   */
  ScatterPlot(List<DevPrediction> predictions) {
    this.predictions =
        predictions.stream().filter(p -> isFinite(p.target()) && isFinite(p.prediction())).toList();
  }

  private static boolean isFinite(String score) {
    try {
      return Double.isFinite(Double.parseDouble(score));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static double target(DevPrediction prediction) {
    return Double.parseDouble(prediction.target());
  }

  private static double predicted(DevPrediction prediction) {
    return Double.parseDouble(prediction.prediction());
  }

  /** The largest mistakes first. */
  List<DevPrediction> farthestFirst() {
    return predictions.stream()
        .sorted(Comparator.comparingDouble(p -> -Math.abs(target(p) - predicted(p))))
        .toList();
  }

  /** Upwards what was predicted; empty without points. */
  Optional<Picture> picture() {
    if (predictions.isEmpty()) {
      return Optional.empty();
    }
    DoubleSummaryStatistics all =
        predictions.stream()
            .flatMapToDouble(p -> DoubleStream.of(target(p), predicted(p)))
            .summaryStatistics();
    double room = all.getMax() > all.getMin() ? 0.04 * (all.getMax() - all.getMin()) : 1;
    double from = all.getMin() - room;
    double to = all.getMax() + room;
    double[] ends = {from, to};
    int every = Curve.numPerPoint(predictions.size(), MAX_POINTS);
    List<DevPrediction> some =
        IntStream.range(0, (predictions.size() + every - 1) / every)
            .mapToObj(i -> predictions.get(i * every))
            .toList();
    Series points =
        Series.of(
            "",
            some.stream().mapToDouble(ScatterPlot::target).toArray(),
            some.stream().mapToDouble(ScatterPlot::predicted).toArray(),
            Ink.dots(0));
    Plot plot =
        new Plot(
            "",
            Axis.linear("right score").over(from, to),
            Axis.linear("predicted score").over(from, to),
            List.of(Series.of("", ends, ends, Ink.dotted(Ink.NEUTRAL)), points));
    return Optional.of(new Picture("predicted against right scores", List.of(plot), 1, SIZE, SIZE));
  }
}
