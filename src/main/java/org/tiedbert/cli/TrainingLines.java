package org.tiedbert.cli;

import java.io.PrintWriter;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.train.StageSpeed;
import org.tiedbert.train.TrainingSpeed;

/** What {@code bench} says of training. */
final class TrainingLines {
  private TrainingLines() {}

  static void print(TrainingSpeed speed, PrintWriter out) {
    EncoderConfig model = speed.model();
    out.printf(
        "%d layers of %d, %d heads, %,d tokens; batches of %d × %d, %s%s, XLA %s, threads: %d%n%n",
        model.numHiddenLayers(),
        model.hiddenSize(),
        model.numAttentionHeads(),
        model.vocabSize(),
        speed.batchSize(),
        speed.maxSeqLength(),
        speed.numViews() == 1 ? "one view, " : "two views, ",
        Spelling.ofConstant(speed.engine().precision()),
        Spelling.ofConstant(speed.engine().xla()),
        speed.environment().numThreads());
    table(speed).print(out);
    out.printf(
        "%nOf peak: of the %sFLOP/s that a large matrix product reaches here.%n",
        Readable.count(speed.peakFlopsPerSecond()));
    out.printf("Input, noise, optimizer: their shares of a step.%n");
    out.printf(
        "Peak of resident memory, all of the process: %s.%n",
        speed.peakMemoryBytes().isPresent()
            ? Readable.bytes(speed.peakMemoryBytes().getAsLong())
            : "unknown");
    if (speed.stages().size() > 1) {
      printSpeedUp(speed, out);
    }
  }

  private static Columns table(TrainingSpeed speed) {
    Columns columns =
        new Columns(
            "stage",
            "layers",
            "trains",
            "FLOP/step",
            "median step",
            "10% below",
            "90% below",
            "sequences/s",
            "of peak",
            "input",
            "noise",
            "optimizer",
            "first step");
    for (StageSpeed stage : speed.stages()) {
      columns.add(
          stage.name(),
          "%d".formatted(stage.numLayers()),
          "%,d".formatted(stage.numTrainable()),
          Readable.count(stage.flopsPerStep()),
          Readable.seconds(stage.seconds().median()),
          Readable.seconds(stage.seconds().p10()),
          Readable.seconds(stage.seconds().p90()),
          "%,.1f".formatted(stage.sequencesPerSecond()),
          percent(stage.utilisation()),
          "%.2f%%".formatted(100 * stage.parts().input()),
          percent(stage.parts().noise()),
          percent(stage.parts().update()),
          Readable.seconds(stage.firstStepSeconds()));
    }
    return columns;
  }

  private static String percent(double share) {
    return "%.1f%%".formatted(100 * share);
  }

  private static void printSpeedUp(TrainingSpeed speed, PrintWriter out) {
    out.printf(
        "%nThe whole schedule, compared with training everything throughout: %.2f times fewer"
            + " operations, %s%n",
        speed.flopsSpeedUp(),
        speed.speedUp().isPresent()
            ? "%.2f times less time.".formatted(speed.speedUp().getAsDouble())
            : "time unknown, as no stage trains everything.");
  }
}
