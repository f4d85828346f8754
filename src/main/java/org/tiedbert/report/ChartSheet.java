package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import org.tiedbert.chart.Axis;
import org.tiedbert.chart.Ink;
import org.tiedbert.chart.Picture;
import org.tiedbert.chart.Plot;
import org.tiedbert.chart.Series;

/** Charts of a run's metrics over its steps, as one part of the page. */
final class ChartSheet {
  private static final int MAX_POINTS = 240;

  /** Of a curve whose points are marked. */
  private static final int MAX_MARKED = 30;

  private static final int WIDTH = 480;
  private static final int HEIGHT = 250;

  private final Metrics metrics;
  private final List<Plot.Mark> marks;
  private final List<Drawn> charts = new ArrayList<>();

  /**
   * A curve's entry below its chart.
   *
   * @param color of the curve, as CSS has it
   * @param last its last value, as it was measured or as a mean of a few steps
   */
  record Key(String color, String name, String last) {}

  record Drawn(String title, ChartImage image, List<Key> keys) {}

  /**
   * @param problem why charts could not be drawn, else empty
   */
  record Model(String remark, String problem, List<Drawn> charts) {}

  ChartSheet(Metrics metrics) {
    this.metrics = metrics;
    this.marks =
        metrics.stages().stream()
            .map(stage -> stage.path("step").asDouble())
            .filter(step -> step > 1)
            .map(step -> new Plot.Mark(step, Ink.NEUTRAL))
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
    List<Curve> shown = curves.stream().filter(curve -> !curve.isEmpty()).toList();
    if (shown.isEmpty()) {
      return;
    }
    List<Series> series = new ArrayList<>();
    List<Key> keys = new ArrayList<>();
    for (Curve curve : shown) {
      int color = series.size();
      Ink ink = curve.x().length > MAX_MARKED ? Ink.line(color) : Ink.marked(color);
      series.add(Series.of("", curve.x(), curve.y(), ink));
      keys.add(new Key(ink.css(), curve.name(), format.apply(curve.y()[curve.y().length - 1])));
    }
    Plot plot = new Plot("", Axis.whole("step"), Axis.linear(""), series, marks);
    Picture picture = new Picture(title + ", over steps", List.of(plot), 1, WIDTH, HEIGHT);
    charts.add(new Drawn(title, ChartImage.of(picture), keys));
  }

  /** All charts that were added; empty if there are none. */
  Optional<Section> section() {
    String problem = charts.stream().map(chart -> chart.image.problem()).findFirst().orElse("");
    Model model = new Model(remark(), problem, List.copyOf(charts));
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
    return marks.isEmpty() ? points : points + " Dotted lines: a stage begins.";
  }
}
