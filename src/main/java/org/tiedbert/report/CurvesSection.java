package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/** What was measured at each step, and on held-out text, over the steps. */
final class CurvesSection implements SectionSource {
  private static final int MAX_POINTS = 240;
  private static final String TRAINING = "training";
  private static final String HELD_OUT = "held-out";

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

  @Override
  public Optional<Section> of(RunContents run) {
    List<Drawn> charts = new ArrayList<>();
    StepColumns steps = run.metrics().steps();
    List<Double> marks = stageStarts(run);
    loss(run.metrics(), marks, charts);
    accuracy(run.metrics(), marks, charts);
    if (steps.has("nextSentenceAccuracy")) {
      Curve training = training(steps, steps.column("nextSentenceAccuracy"));
      Curve heldOut = heldOut(run.metrics(), "nextSentenceAccuracy");
      draw("Next-sentence accuracy", List.of(training, heldOut), marks, Numbers::percent, charts);
    }
    if (steps.has("consistency") && run.settings().size("noise.views") != 1) {
      Curve tie = training(steps, steps.column("consistency"));
      draw(
          "Tie loss, MSE between the views’ features", List.of(tie), marks, Numbers::small, charts);
    }
    Curve rate = training(steps, steps.column("learningRate"));
    draw("Learning rate", List.of(rate), marks, Numbers::small, charts);
    Curve norm = training(steps, steps.column("gradientNorm"));
    draw("Gradient norm, before clipping", List.of(norm), marks, Numbers::small, charts);
    throughput(run, marks, charts);
    return charts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section("curves", "Curves", "curves", new Model(remark(steps, marks), charts)));
  }

  private static String remark(StepColumns steps, List<Double> marks) {
    int together = Curve.numPerPoint(steps.size(), MAX_POINTS);
    String points =
        together == 1
            ? "Each point of training is a step."
            : "Each point of training is the mean of %s.".formatted(Numbers.of(together, "step"));
    return marks.isEmpty() ? points : points + " Dashed lines: a stage begins.";
  }

  private static List<Double> stageStarts(RunContents run) {
    return run.metrics().stages().stream()
        .map(stage -> stage.path("step").asDouble())
        .filter(step -> step > 1)
        .toList();
  }

  private static void loss(Metrics metrics, List<Double> marks, List<Drawn> charts) {
    List<Curve> curves = new ArrayList<>();
    curves.add(training(metrics.steps(), metrics.steps().column("crossEntropy")));
    curves.add(heldOut(metrics, "crossEntropy"));
    curves.add(renamed(heldOut(metrics, "unigramEntropy"), "guessing by frequency"));
    draw("Masked-LM loss in nats", curves, marks, value -> Numbers.decimal(value, 3), charts);
  }

  private static void accuracy(Metrics metrics, List<Double> marks, List<Drawn> charts) {
    StepColumns steps = metrics.steps();
    String[] views =
        IntStream.of(1, 2)
            .mapToObj(view -> "accuracyOfView" + view)
            .filter(steps::has)
            .toArray(String[]::new);
    Curve training =
        views.length == 0
            ? new Curve(TRAINING, new double[0], new double[0])
            : training(steps, steps.mean(views));
    List<Curve> curves = List.of(training, heldOut(metrics, "accuracy"));
    draw("Accuracy of masked tokens", curves, marks, Numbers::percent, charts);
  }

  /** Sequences over seconds, each summed up over the steps of a point. */
  private static void throughput(RunContents run, List<Double> marks, List<Drawn> charts) {
    double batchSize = run.settings().number("data.batchSize").orElse(Double.NaN);
    StepColumns steps = run.metrics().steps();
    Curve seconds = training(steps, steps.column("seconds"));
    double[] rates = Arrays.stream(seconds.y()).map(mean -> batchSize / mean).toArray();
    Curve rate = new Curve(TRAINING, seconds.x(), rates).thinned(MAX_POINTS);
    draw("Sequences a second", List.of(rate), marks, Numbers::rough, charts);
  }

  private static Curve training(StepColumns steps, double[] values) {
    return new Curve(TRAINING, steps.column("step"), values).thinned(MAX_POINTS);
  }

  private static Curve heldOut(Metrics metrics, String key) {
    List<JsonNode> lines =
        metrics.evaluations().stream().filter(line -> line.path(key).isNumber()).toList();
    return new Curve(
        HELD_OUT,
        lines.stream().mapToDouble(line -> line.path("step").asDouble()).toArray(),
        lines.stream().mapToDouble(line -> line.path(key).asDouble()).toArray());
  }

  private static Curve renamed(Curve curve, String name) {
    return new Curve(name, curve.x(), curve.y());
  }

  private static void draw(
      String title,
      List<Curve> curves,
      List<Double> marks,
      DoubleFunction<String> format,
      List<Drawn> charts) {
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
}
