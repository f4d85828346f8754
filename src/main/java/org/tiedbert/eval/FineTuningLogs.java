package org.tiedbert.eval;

import java.time.Instant;
import java.util.OptionalDouble;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.train.EventFile;
import org.tiedbert.train.MetricsLine;
import org.tiedbert.train.MetricsLog;

/**
 * {@code metrics.jsonl} and the TensorBoard events of a fine-tuning run. A score is a line of kind
 * {@code eval} for each development set, with {@code dataSet}, its metrics by name, and {@code
 * score}, their mean; what is undefined is left out.
 */
final class FineTuningLogs implements AutoCloseable {
  /** TensorBoard keeps a sample of the points anyway. */
  private static final int EVENTS_EVERY_STEPS = 10;

  private final MetricsLog metrics;
  private final EventFile events;

  private FineTuningLogs(MetricsLog metrics, EventFile events) {
    this.metrics = metrics;
    this.events = events;
  }

  /** Opens both, without the lines behind the step that the run continues from. */
  static FineTuningLogs open(RunDirectory run, long resumeStep) {
    MetricsLog metrics = MetricsLog.open(run.metrics(), resumeStep);
    try {
      return new FineTuningLogs(metrics, EventFile.open(run.path(), resumeStep));
    } catch (RuntimeException e) {
      metrics.close();
      throw e;
    }
  }

  void step(long step, FineTuningSession.Step measured, double learningRate, double seconds) {
    metrics.append(
        MetricsLine.step(step)
            .with("loss", (float) measured.loss())
            .with("learningRate", learningRate)
            .with("gradientNorm", (float) measured.gradientNorm())
            .withTime("seconds", seconds));
    if (step % EVENTS_EVERY_STEPS == 1) {
      Instant now = Instant.now();
      events.scalar("fine_tuning/loss", step, measured.loss(), now);
      events.scalar("fine_tuning/learning_rate", step, learningRate, now);
    }
  }

  void scored(long step, Scores scores) {
    MetricsLine line = MetricsLine.evaluation(step).with("dataSet", scores.dataSet());
    scores
        .values()
        .forEach(
            (name, value) -> {
              if (value instanceof Metric.Value.Defined defined) {
                line.with(name, defined.value());
              }
            });
    OptionalDouble score = scores.score();
    if (score.isPresent()) {
      line.with("score", score.getAsDouble());
      events.scalar("fine_tuning/" + scores.dataSet(), step, score.getAsDouble(), Instant.now());
    }
    metrics.append(line);
  }

  /** Puts everything so far on the disk, before a checkpoint that stands behind it. */
  void force() {
    metrics.force();
    events.flush();
  }

  @Override
  public void close() {
    try {
      metrics.close();
    } finally {
      events.close();
    }
  }
}
