package org.tiedbert.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.tiedbert.eval.DevPrediction;

/** Predicted scores against the right ones, with a line where the two are equal. */
final class ScatterPlot {
  private static final int SIZE = 360;
  private static final int LEFT = 44;
  private static final int MARGIN = 12;
  private static final int BOTTOM = 40;
  private static final int MAX_POINTS = 1500;

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

  /** An {@code svg} element; empty without points. */
  String svg() {
    if (predictions.isEmpty()) {
      return "";
    }
    double[] all =
        predictions.stream()
            .flatMapToDouble(p -> DoubleStream.of(target(p), predicted(p)))
            .toArray();
    Axis axis =
        Axis.around(
            DoubleStream.of(all).min().orElseThrow(), DoubleStream.of(all).max().orElseThrow(), 6);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"predicted against right scores\">%n"
            .formatted(SIZE, SIZE));
    for (double tick : axis.ticks()) {
      grid(svg, axis, tick);
    }
    svg.append(
        "<path class=\"mark\" d=\"M%s %s L%s %s\"/>%n"
            .formatted(
                x(axis.from(), axis),
                y(axis.from(), axis),
                x(axis.to(), axis),
                y(axis.to(), axis)));
    int every = Curve.numPerPoint(predictions.size(), MAX_POINTS);
    for (int i = 0; i < predictions.size(); i += every) {
      svg.append(
          "<circle class=\"point\" cx=\"%s\" cy=\"%s\" r=\"2.2\"/>%n"
              .formatted(
                  x(target(predictions.get(i)), axis), y(predicted(predictions.get(i)), axis)));
    }
    svg.append(
        "<text text-anchor=\"middle\" x=\"%d\" y=\"%d\">right score</text>%n"
            .formatted((SIZE + LEFT) / 2, SIZE - 6));
    return svg.append("</svg>").toString();
  }

  private static void grid(StringBuilder svg, Axis axis, double tick) {
    svg.append(
        """
        <path class="grid" d="M%s %s L%s %s"/>
        <text text-anchor="end" x="%d" y="%s">%s</text>
        <text text-anchor="middle" x="%s" y="%d">%s</text>
        """
            .formatted(
                x(axis.from(), axis),
                y(tick, axis),
                x(axis.to(), axis),
                y(tick, axis),
                LEFT - 6,
                y(tick, axis),
                axis.label(tick),
                x(tick, axis),
                SIZE - BOTTOM + 17,
                axis.label(tick)));
  }

  private static String x(double value, Axis axis) {
    return number(axis.place(value, LEFT, SIZE - MARGIN));
  }

  private static String y(double value, Axis axis) {
    return number(axis.place(value, SIZE - BOTTOM, MARGIN));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
