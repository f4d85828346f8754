package org.tiedbert.cli;

import java.io.PrintWriter;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.train.StageScaling;
import org.tiedbert.train.WorkersSpeed;

/** What {@code bench --workers} says. */
final class WorkersLines {
  private WorkersLines() {}

  static void print(WorkersSpeed speed, PrintWriter out) {
    EncoderConfig model = speed.model();
    out.printf(
        "%d workers and one of them alone, threads of each: %d%n",
        speed.numWorkers(), speed.environment().numThreads());
    out.printf(
        "%d layers of %d, %,d tokens; for each worker batches of %d × %d in micro-batches of %d, %s,"
            + " gradients sent in %s%n%n",
        model.numHiddenLayers(),
        model.hiddenSize(),
        model.vocabSize(),
        speed.batchSize(),
        speed.maxSeqLength(),
        speed.microBatchSize(),
        Spelling.ofConstant(speed.engine().precision()),
        Spelling.ofConstant(speed.gradients()));
    table(speed).print(out);
    out.printf(
        "%nEfficiency: a step of one worker alone, of a step of %d with %d times the sequences.%n",
        speed.numWorkers(), speed.numWorkers());
    out.printf(
        "Sent: by each worker in a step, as the gradients' size says, and as the loopback interface"
            + " counted, TCP's own bytes and other programs' included.%n");
    out.printf("Sums alone: the gradients' sums while nothing else is computed.%n");
    if (speed.stages().size() > 1) {
      out.printf(
          "%nThe whole schedule: efficiency %.2f%s%n",
          speed.efficiency(),
          speed.sentShare().isPresent()
              ? "; %.2f times fewer bytes sent than by training everything throughout."
                  .formatted(1 / speed.sentShare().getAsDouble())
              : ".");
    }
  }

  private static Columns table(WorkersSpeed speed) {
    Columns columns =
        new Columns(
            "stage",
            "layers",
            "trains",
            "one alone",
            "together",
            "efficiency",
            "of turns",
            "sent",
            "measured",
            "sums alone");
    for (StageScaling stage : speed.stages()) {
      columns.add(
          stage.name(),
          "%d".formatted(stage.numLayers()),
          "%,d".formatted(stage.numTrainable()),
          Readable.seconds(stage.alone().median()),
          Readable.seconds(stage.together().median()),
          "%.2f".formatted(stage.efficiency().median()),
          "%.2f to %.2f".formatted(stage.efficiency().min(), stage.efficiency().max()),
          Readable.bytes(stage.sentBytes()),
          stage.measuredBytes().isPresent()
              ? Readable.bytes(stage.measuredBytes().getAsLong())
              : "unknown",
          Readable.seconds(stage.allReduce().median()));
    }
    return columns;
  }
}
