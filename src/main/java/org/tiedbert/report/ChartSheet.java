package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Charts of a run's metrics over its steps, as one part of the page. */
final class ChartSheet {
  private static final int MAX_POINTS = 240;

  private final Metrics metrics;
  private final List<Double> marks;
  private final List<Drawn> charts = new ArrayList<>();

  /**
   * A curve's entry below its chart.
   *
   * @param color its number among those of the chart, from 0
   * @param last its last value, as it was measured or as a mean of a few steps
   */
  record Key(int color, String name, String last) {}

  /**
   * A chart.
   *
   * @param svg the drawing
   */
  record Drawn(String title, String svg, List<Key> keys) {}

  record Model(String remark, List<Drawn> charts) {}

  ChartSheet(Metrics metrics) {
    this.metrics = metrics;
    this.marks =
        metrics.stages().stream()
            .map(stage -> stage.path("step").asDouble())
            .filter(step -> step > 1)
            .toList();
  }

  /** What the lines of updates have under a key; no points where they have none. */
  Curve training(String key) {
    return training(metrics.steps().column(key));
  }

  /** A value of each line of an update. */
  Curve training(double[] values) {
    return new Curve("training", metrics.steps().column("step"), values).thinned(MAX_POINTS);
  }

  /** What some lines of evaluations have under a key. */
  Curve evaluations(String name, String key, Predicate<JsonNode> wanted) {
    List<JsonNode> lines =
        metrics.evaluations().stream()
            .filter(wanted)
            .filter(line -> line.path(key).isNumber())
            .toList();
    return new Curve(
        name,
        lines.stream().mapToDouble(line -> line.path("step").asDouble()).toArray(),
        lines.stream().mapToDouble(line -> line.path(key).asDouble()).toArray());
  }

  /** Adds a chart, unless there is nothing to be seen on it. */
  void draw(String title, List<Curve> curves, DoubleFunction<String> format) {
    LineChart chart = new LineChart(title, curves, marks);
    if (!chart.isEmpty()) {
      charts.add(new Drawn(title, chart.svg(), keys(chart.curves(), format)));
    }
  }

  private static List<Key> keys(List<Curve> curves, DoubleFunction<String> format) {
    return IntStream.range(0, curves.size())
        .mapToObj(
            i -> {
              double[] y = curves.get(i).y();
              return new Key(i, curves.get(i).name(), format.apply(y[y.length - 1]));
            })
        .toList();
  }

  /** All charts that were added; empty if there are none. */
  Optional<Section> section() {
    Model model = new Model(remark(), List.copyOf(charts));
    return charts.isEmpty()
        ? Optional.empty()
        : Optional.of(new Section("curves", "Curves", "curves", model));
  }

  private String remark() {
    int together = Curve.numPerPoint(metrics.steps().size(), MAX_POINTS);
    String points =
        together == 1
            ? "Each point of training is a step."
            : "Each point of training is the mean of %s.".formatted(Numbers.of(together, "step"));
    return marks.isEmpty() ? points : points + " Dashed lines: a stage begins.";
  }
}
