package org.tiedbert.train;

import java.time.Instant;
import java.util.List;
import org.tiedbert.checkpoint.Recovery;
import org.tiedbert.checkpoint.RunDirectory;

/** {@code metrics.jsonl} and the TensorBoard events of a run. */
final class RunLogFiles implements RunLogs {
  /** TensorBoard keeps a sample of the points anyway. */
  private static final int EVENTS_EVERY_STEPS = 10;

  private final MetricsLog metrics;
  private final EventFile events;
  private final boolean nextSentence;

  private RunLogFiles(MetricsLog metrics, EventFile events, boolean nextSentence) {
    this.metrics = metrics;
    this.events = events;
    this.nextSentence = nextSentence;
  }

  /** Opens both, without the lines behind the step that the run continues from. */
  static RunLogFiles open(RunDirectory directory, long resumeStep, boolean nextSentence) {
    MetricsLog metrics = MetricsLog.open(directory.metrics(), resumeStep);
    try {
      return new RunLogFiles(metrics, EventFile.open(directory.path(), resumeStep), nextSentence);
    } catch (RuntimeException e) {
      metrics.close();
      throw e;
    }
  }

  @Override
  public void stage(StageReport stage) {
    metrics.append(
        MetricsLine.stage(stage.firstStep())
            .with("stage", stage.stage())
            .with("name", stage.name())
            .with("numLayers", stage.numLayers())
            .with("numTrainable", stage.numTrainable())
            .with("numParameters", stage.numParameters())
            .with("lastStep", stage.lastStep()));
  }

  @Override
  public void recovery(Recovery recovery, List<Long> records) {
    metrics.append(
        MetricsLine.recovery(recovery.from())
            .with("divergedStep", recovery.step())
            .with("reason", recovery.reason())
            .with("skippedRecords", records));
  }

  @Override
  public void step(StepReport report, StepMetrics step, double seconds) {
    MetricsLine line =
        MetricsLine.step(report.step())
            .with("stage", report.stage())
            .with("loss", step.total())
            .with("crossEntropy", step.crossEntropy())
            .with("consistency", step.consistency());
    for (int view = 0; view < step.accuracy().size(); view++) {
      line.with("accuracyOfView" + (view + 1), step.accuracy().get(view));
    }
    if (nextSentence) {
      line.with("nextSentence", step.nextSentence())
          .with("nextSentenceAccuracy", step.nextSentenceAccuracy());
    }
    line.with("learningRate", report.learningRate())
        .with("gradientNorm", step.gradientNorm())
        .withTime("seconds", seconds);
    if (report.sentBytes() > 0) { // beside the time, as equal runs share neither
      line.withTime("sentBytes", report.sentBytes());
    }
    metrics.append(line);
    if (report.step() % EVENTS_EVERY_STEPS == 1) {
      events(report, step);
    }
  }

  private void events(StepReport report, StepMetrics step) {
    Instant now = Instant.now();
    long number = report.step();
    events.scalar("train/loss", number, step.total(), now);
    events.scalar("train/cross_entropy", number, step.crossEntropy(), now);
    events.scalar("train/consistency", number, step.consistency(), now);
    events.scalar("train/accuracy", number, step.meanAccuracy(), now);
    if (nextSentence) {
      events.scalar("train/next_sentence", number, step.nextSentence(), now);
      events.scalar("train/next_sentence_accuracy", number, step.nextSentenceAccuracy(), now);
    }
    events.scalar("train/learning_rate", number, report.learningRate(), now);
    events.scalar("train/gradient_norm", number, step.gradientNorm(), now);
    events.scalar("train/sequences_per_second", number, report.sequencesPerSecond(), now);
    events.scalar("train/stage", number, report.stage(), now);
  }

  @Override
  public void evaluation(EvaluationReport report) {
    MetricsLine line =
        MetricsLine.evaluation(report.step())
            .with("crossEntropy", report.crossEntropy())
            .with("accuracy", report.accuracy());
    report
        .nextSentenceAccuracy()
        .ifPresent(accuracy -> line.with("nextSentenceAccuracy", accuracy));
    metrics.append(line.with("unigramEntropy", report.unigramEntropy()));
    Instant now = Instant.now();
    events.scalar("held_out/cross_entropy", report.step(), report.crossEntropy(), now);
    events.scalar("held_out/accuracy", report.step(), report.accuracy(), now);
    events.flush();
  }

  @Override
  public void force() {
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
