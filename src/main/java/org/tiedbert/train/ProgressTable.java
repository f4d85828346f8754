package org.tiedbert.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The lines that progress is told in, at most 80 columns wide without the optional ones. A row
 * holds the means of loss, terms, accuracies and gradient norm over the updates since the row
 * before, and the last update's learning rate, speed and time left.
 */
final class ProgressTable {
  private static final int BAR_WIDTH = 8;

  private StepReport last;
  private int numSteps;
  private double loss;
  private double crossEntropy;
  private double consistency;
  private double accuracy;
  private double nextSentence;
  private double gradientNorm;

  /** Takes an update into the next row. */
  void add(StepReport step) {
    last = step;
    numSteps++;
    loss += step.loss();
    crossEntropy += step.crossEntropy();
    consistency += step.consistency();
    accuracy += step.accuracy();
    nextSentence += step.nextSentenceAccuracy().orElse(0);
    gradientNorm += step.gradientNorm();
  }

  boolean isEmpty() {
    return numSteps == 0;
  }

  /** The row of the updates taken in since the last one; there must be one. */
  String row() {
    StringBuilder row = new StringBuilder();
    row.append(format("%8d%9.4f%9.4f", last.step(), loss / numSteps, crossEntropy / numSteps));
    double tied = consistency / numSteps;
    row.append(Double.isNaN(tied) ? format("%9s", "-") : format("%9.4f", tied));
    row.append(percent(7, accuracy / numSteps));
    if (last.nextSentenceAccuracy().isPresent()) {
      row.append(percent(7, nextSentence / numSteps));
    }
    row.append(format("%10.2e%8.3f", last.learningRate(), gradientNorm / numSteps));
    row.append(format("%8.1f", last.sequencesPerSecond()));
    if (last.flopUtilisation().isPresent()) {
      row.append(percent(6, last.flopUtilisation().getAsDouble()));
    }
    row.append(format("%10s", time(last.remaining())));
    numSteps = 0;
    loss = crossEntropy = consistency = accuracy = nextSentence = gradientNorm = 0;
    return row.toString();
  }

  static String header(StepReport step) {
    String nextSentence = step.nextSentenceAccuracy().isPresent() ? format("%7s", "nsp") : "";
    String utilisation = step.flopUtilisation().isPresent() ? format("%6s", "flop") : "";
    return format("%8s%9s%9s%9s%7s", "step", "loss", "mlm", "tied", "acc")
        + nextSentence
        + format("%10s%8s%8s", "lr", "grad", "seq/s")
        + utilisation
        + format("%10s", "left");
  }

  static String stage(StageReport stage) {
    return format(
        "stage %d of %d: %s, %d layers, %,d of %,d parameters train, steps %d to %d%s",
        stage.stage(),
        stage.numStages(),
        stage.name(),
        stage.numLayers(),
        stage.numTrainable(),
        stage.numParameters(),
        stage.firstStep(),
        stage.lastStep(),
        stage.sentBytes() == 0
            ? ""
            : format("; %.2f MB a step from each worker", stage.sentBytes() / 1e6));
  }

  static String evaluation(EvaluationReport evaluation) {
    OptionalDouble nextSentence = evaluation.nextSentenceAccuracy();
    return format(
        "%8d  held-out: mlm %.4f nats (unigrams %.4f), acc %s%s",
        evaluation.step(),
        evaluation.crossEntropy(),
        evaluation.unigramEntropy(),
        percent(0, evaluation.accuracy()),
        nextSentence.isPresent() ? ", nsp " + percent(0, nextSentence.getAsDouble()) : "");
  }

  static String checkpoint(Path directory) {
    return format("%8s  saved %s", "", directory);
  }

  /** A bar and the last update in less than 80 columns, so that no terminal breaks the line. */
  static String live(StepReport step) {
    int done = (int) (BAR_WIDTH * step.step() / Math.max(1, step.totalSteps()));
    done = Math.min(BAR_WIDTH, done);
    return format(
        "%d/%d [%s%s] %d/%d loss %.3f acc %s %.0f seq/s %s left",
        step.stage(),
        step.numStages(),
        "#".repeat(done),
        "-".repeat(BAR_WIDTH - done),
        step.step(),
        step.totalSteps(),
        step.loss(),
        percent(0, step.accuracy()),
        step.sequencesPerSecond(),
        time(step.remaining()));
  }

  /** 4:05, 1:04:05 or 2d 01:04. */
  static String time(Duration duration) {
    long days = duration.toDays();
    int hours = duration.toHoursPart();
    int minutes = duration.toMinutesPart();
    if (days > 0) {
      return format("%dd %02d:%02d", days, hours, minutes);
    }
    return hours > 0
        ? format("%d:%02d:%02d", hours, minutes, duration.toSecondsPart())
        : format("%d:%02d", minutes, duration.toSecondsPart());
  }

  private static String percent(int width, double share) {
    String text = format("%.1f%%", 100 * share);
    return " ".repeat(Math.max(0, width - text.length())) + text;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
