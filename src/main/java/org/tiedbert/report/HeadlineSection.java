package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.checkpoint.TrainingState;

/** What pre-training came to, in a few numbers. */
final class HeadlineSection implements SectionSource {

  record Model(String method, List<Fact> tiles) {}

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.kind() != RunKind.PRE_TRAINING) {
      return Optional.empty();
    }
    List<Fact> tiles = new ArrayList<>();
    heldOut(run.metrics()).forEach(tiles::add);
    Metrics metrics = run.metrics();
    if (metrics.lastStep() > 0) {
      tiles.add(steps(run));
      tiles.add(time(run));
      consumed(run).forEach(tiles::add);
    }
    String method = new MethodInWords(run.settings()).text();
    return Optional.of(new Section("summary", "Summary", "headline", new Model(method, tiles)));
  }

  private static List<Fact> heldOut(Metrics metrics) {
    if (metrics.evaluations().isEmpty()) {
      return List.of();
    }
    JsonNode last = metrics.evaluations().get(metrics.evaluations().size() - 1);
    double loss = last.path("crossEntropy").asDouble(Double.NaN);
    double unigrams = last.path("unigramEntropy").asDouble(Double.NaN);
    String proportion =
        "nats, at step %s; guessing by frequency: %s"
            .formatted(Numbers.count(last.path("step").asLong()), Numbers.decimal(unigrams, 3));
    List<Fact> tiles = new ArrayList<>();
    tiles.add(new Fact("Held-out loss", Numbers.decimal(loss, 3), proportion));
    tiles.add(
        new Fact(
            "Held-out accuracy",
            Numbers.percent(last.path("accuracy").asDouble(Double.NaN)),
            "of masked tokens"));
    return tiles;
  }

  private static Fact steps(RunContents run) {
    Stages stages = Stages.of(run.settings(), run.metrics(), run.state());
    long begun = stages.rows().stream().filter(Stages.Row::begun).count();
    return new Fact(
        "Steps",
        Numbers.count(run.metrics().lastStep()),
        "of %s, stage %d of %d"
            .formatted(Numbers.count(stages.totalSteps()), begun, stages.rows().size()));
  }

  private static Fact time(RunContents run) {
    double inSteps = sum(run.metrics().steps().column("seconds"));
    String all =
        run.state()
            .filter(state -> state.step() == run.metrics().lastStep())
            .map(TrainingState::elapsedSeconds)
            .map(seconds -> "; %s with all else".formatted(Numbers.duration(seconds)))
            .orElse("");
    return new Fact("Time", Numbers.duration(inSteps), "in steps" + all);
  }

  /** What was read, and how fast. */
  private static List<Fact> consumed(RunContents run) {
    double batchSize = run.settings().number("data.batchSize").orElse(Double.NaN);
    StepColumns steps = run.metrics().steps();
    double sequences = run.metrics().lastStep() * batchSize;
    if (!Double.isFinite(sequences)) {
      return List.of();
    }
    String tokens =
        run.shards()
            .filter(shards -> shards.train().numSequences() > 0)
            .map(
                shards -> {
                  double epochs = sequences / shards.train().numSequences();
                  return "%s tokens, %s times through the text"
                      .formatted(
                          Numbers.rough(epochs * shards.train().numTokens()),
                          Numbers.small(Math.round(100 * epochs) / 100.0));
                })
            .orElse("");
    double perSecond = steps.size() * batchSize / sum(steps.column("seconds"));
    return List.of(
        new Fact("Sequences seen", Numbers.rough(sequences), tokens),
        new Fact("Sequences a second", Numbers.decimal(perSecond, 1), "in steps"));
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += Double.isNaN(value) ? 0 : value;
    }
    return sum;
  }
}
