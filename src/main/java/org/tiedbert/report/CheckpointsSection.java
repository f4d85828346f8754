package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.tiedbert.checkpoint.TrainingState;

/** What is kept of the run, and what it was worth on held-out text. */
final class CheckpointsSection implements SectionSource {

  /**
   * A checkpoint.
   *
   * @param remark such as that it ends a stage
   */
  record Row(
      String name,
      String stage,
      String sequences,
      String elapsed,
      String heldOutLoss,
      String heldOutAccuracy,
      String size,
      String remark) {}

  record Model(boolean hasRows, List<Row> rows) {}

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.kind() != RunKind.PRE_TRAINING) {
      return Optional.empty();
    }
    List<Row> rows = run.checkpoints().stream().map(saved -> row(saved, run)).toList();
    return Optional.of(
        new Section("checkpoints", "Checkpoints", "checkpoints", new Model(!rows.isEmpty(), rows)));
  }

  private static Row row(SavedCheckpoint saved, RunContents run) {
    String size = Numbers.bytes(saved.bytes());
    if (saved.state().isEmpty()) {
      return new Row(saved.name(), "", "", "", "", "", size, "damaged");
    }
    TrainingState state = saved.state().get();
    Optional<JsonNode> evaluation =
        run.metrics().evaluations().stream()
            .filter(line -> line.path("step").asLong() == state.step())
            .findFirst();
    return new Row(
        saved.name(),
        "%d of %d".formatted(state.stage() + 1, state.stageLastSteps().size()),
        Numbers.count(state.nextSequence()),
        Numbers.duration(state.elapsedSeconds()),
        evaluation.map(line -> Numbers.decimal(number(line, "crossEntropy"), 4)).orElse(""),
        evaluation.map(line -> Numbers.percent(number(line, "accuracy"))).orElse(""),
        size,
        saved.endsStage() ? "ends its stage" : "");
  }

  private static double number(JsonNode line, String key) {
    return line.path(key).asDouble(Double.NaN);
  }
}
