package org.tiedbert.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What was measured at each step of fine-tuning, and on the dev sets. */
final class TuningCurvesSection implements SectionSource {
  private static final int MAX_DATA_SETS = 4;

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.kind() != RunKind.FINE_TUNING) {
      return Optional.empty();
    }
    ChartSheet charts = new ChartSheet(run.metrics());
    TuningScores scores = new TuningScores(run.metrics().evaluations());
    List<Curve> byDataSet = new ArrayList<>();
    List<Curve> losses = new ArrayList<>(List.of(charts.training("loss")));
    scores.dataSets().stream()
        .limit(MAX_DATA_SETS)
        .forEach(
            name -> {
              byDataSet.add(
                  charts.evaluations(
                      name, TuningScores.SCORE, line -> TuningScores.dataSet(line).equals(name)));
              losses.add(
                  charts.evaluations(
                      name, "loss", line -> TuningScores.dataSet(line).equals(name)));
            });
    charts.draw("Score of dev sets", byDataSet, value -> Numbers.decimal(100 * value, 2));
    charts.draw("Loss", losses, value -> Numbers.decimal(value, 3));
    charts.draw("Learning rate", List.of(charts.training("learningRate")), Numbers::small);
    charts.draw(
        "Gradient norm, before clipping", List.of(charts.training("gradientNorm")), Numbers::small);
    return charts.section();
  }
}
