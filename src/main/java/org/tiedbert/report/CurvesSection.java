package org.tiedbert.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What was measured at each step of pre-training, and on held-out text. */
final class CurvesSection implements SectionSource {
  private static final String HELD_OUT = "held-out";

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.kind() != RunKind.PRE_TRAINING) {
      return Optional.empty();
    }
    ChartSheet charts = new ChartSheet(run.metrics());
    StepColumns steps = run.metrics().steps();
    charts.draw(
        "Masked-LM loss in nats",
        List.of(
            charts.training("crossEntropy"),
            charts.evaluations(HELD_OUT, "crossEntropy", line -> true),
            charts.evaluations("guessing by frequency", "unigramEntropy", line -> true)),
        value -> Numbers.decimal(value, 3));
    charts.draw(
        "Accuracy of masked tokens",
        List.of(
            charts.training(accuracy(steps)),
            charts.evaluations(HELD_OUT, "accuracy", line -> true)),
        Numbers::percent);
    charts.draw(
        "Next-sentence accuracy",
        List.of(
            charts.training("nextSentenceAccuracy"),
            charts.evaluations(HELD_OUT, "nextSentenceAccuracy", line -> true)),
        Numbers::percent);
    if (run.settings().size("noise.views") != 1) {
      charts.draw(
          "Tie loss, MSE between the views’ features",
          List.of(charts.training("consistency")),
          Numbers::small);
    }
    charts.draw("Learning rate", List.of(charts.training("learningRate")), Numbers::small);
    charts.draw(
        "Gradient norm, before clipping", List.of(charts.training("gradientNorm")), Numbers::small);
    charts.draw("Sequences a second", List.of(throughput(run, charts)), Numbers::rough);
    return charts.section();
  }

  /** Of both views together, where there are two. */
  private static double[] accuracy(StepColumns steps) {
    return steps.mean(
        IntStream.of(1, 2)
            .mapToObj(view -> "accuracyOfView" + view)
            .filter(steps::has)
            .toArray(String[]::new));
  }

  /** Sequences over seconds, each summed up over the steps of a point. */
  private static Curve throughput(RunContents run, ChartSheet charts) {
    double batchSize = run.settings().number("data.batchSize").orElse(Double.NaN);
    Curve seconds = charts.training("seconds");
    double[] rates = Arrays.stream(seconds.y()).map(mean -> batchSize / mean).toArray();
    return new Curve(seconds.name(), seconds.x(), rates).finite();
  }
}
