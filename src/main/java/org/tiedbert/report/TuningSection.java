package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What fine-tuning came to: the scores of its dev sets, at their best and at the end. */
final class TuningSection implements SectionSource {

  /** A metric of a dev set. */
  record Line(String dataSet, String metric, String best, String last) {}

  /**
   * @param bestStep whose model is the best
   */
  record Model(
      String method, List<Fact> tiles, String bestStep, boolean hasLines, List<Line> lines) {}

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.kind() != RunKind.FINE_TUNING) {
      return Optional.empty();
    }
    TuningScores scores = new TuningScores(run.metrics().evaluations());
    Optional<Long> bestStep = scores.bestStep();
    List<Fact> tiles = new ArrayList<>();
    List<Line> lines = new ArrayList<>();
    for (String dataSet : scores.dataSets()) {
      JsonNode last = scores.last(dataSet).orElseThrow();
      JsonNode best = bestStep.flatMap(step -> scores.at(step, dataSet)).orElse(last);
      double score = best.path(TuningScores.SCORE).asDouble(Double.NaN);
      tiles.add(new Fact(dataSet, Numbers.decimal(100 * score, 2), metricsInWords(best)));
      lines.addAll(lines(dataSet, best, last));
    }
    tiles.addAll(effort(run.metrics()));
    Model model =
        new Model(
            method(run.settings()),
            tiles,
            bestStep.map(Numbers::count).orElse(""),
            !lines.isEmpty(),
            lines);
    return Optional.of(new Section("summary", "Summary", "tuning", model));
  }

  private static String metricsInWords(JsonNode line) {
    Map<String, Double> metrics = TuningScores.metrics(line);
    return metrics.isEmpty()
        ? "score × 100"
        : metrics.entrySet().stream()
            .map(entry -> "%s %s".formatted(entry.getKey(), Numbers.decimal(entry.getValue(), 4)))
            .collect(Collectors.joining(", "));
  }

  private static List<Line> lines(String dataSet, JsonNode best, JsonNode last) {
    Map<String, Double> atEnd = TuningScores.metrics(last);
    List<Line> lines = new ArrayList<>();
    TuningScores.metrics(best)
        .forEach(
            (metric, value) ->
                lines.add(
                    new Line(
                        dataSet,
                        metric,
                        Numbers.decimal(value, 4),
                        Numbers.decimal(atEnd.getOrDefault(metric, Double.NaN), 4))));
    return lines;
  }

  private static List<Fact> effort(Metrics metrics) {
    if (metrics.lastStep() == 0) {
      return List.of();
    }
    double seconds = 0;
    for (double step : metrics.steps().column("seconds")) {
      seconds += Double.isNaN(step) ? 0 : step;
    }
    return List.of(
        new Fact("Steps", Numbers.count(metrics.lastStep())),
        new Fact("Time", Numbers.duration(seconds), "in steps"));
  }

  private static String method(Settings settings) {
    Optional<String> task = settings.text("task").or(() -> settings.text("task.name"));
    List<String> parts = new ArrayList<>();
    parts.add("Fine-tuned" + task.map(name -> " on " + name).orElse(""));
    settings.text("init").ifPresent(init -> parts.add("from " + init));
    settings.text("epochs").ifPresent(epochs -> parts.add("%s epochs".formatted(epochs)));
    settings.text("batchSize").ifPresent(size -> parts.add("batches of " + size));
    settings.text("learningRate.peak").ifPresent(peak -> parts.add("learning rate " + peak));
    return settings.isEmpty() ? "" : String.join(", ", parts) + ".";
  }
}
