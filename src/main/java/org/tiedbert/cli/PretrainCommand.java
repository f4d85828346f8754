package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.train.PlanTable;
import org.tiedbert.train.PreTraining;
import org.tiedbert.train.PreTrainingConfig;
import org.tiedbert.train.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert pretrain}: shards into a trained encoder. */
@Command(
    name = "pretrain",
    customSynopsis = {
      "tiedbert pretrain (--config FILE | --preset NAME) [--init MODEL] [--set KEY=VALUE...]"
          + " --output RUN",
      "       tiedbert pretrain --output RUN",
      "       tiedbert pretrain (--config FILE | --preset NAME) [--init MODEL] [--set KEY=VALUE...]"
          + " --dry-run"
    },
    description = {
      "Pre-trains an encoder on shards, or continues a run where it stopped.",
      "Ctrl-C or SIGTERM takes a checkpoint first; the same command then continues, to the same"
          + " result as without the stop."
    },
    footer = {
      "",
      "Examples:",
      "  tiedbert pretrain --preset bert-small --set data.shards=data/shards --output runs/small",
      "  tiedbert pretrain --config my.yaml --dry-run",
      "  tiedbert pretrain --init models/bert --config tied.yaml --output runs/tied-bert",
      "  tiedbert pretrain --output runs/small"
    })
final class PretrainCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--output",
      paramLabel = "RUN",
      description = "The run's folder: checkpoints, metrics, TensorBoard events.")
  private Path output;

  @Option(
      names = "--dry-run",
      description = "Print what the stages would train and cost, from a few measured steps.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (dryRun) {
      print(PlanTable.measure(configuration()));
      return 0;
    }
    if (output == null) {
      throw new ParameterException(spec.commandLine(), "Missing required option: '--output=RUN'");
    }
    train(configuration(), output, spec.commandLine().getOut());
    return 0;
  }

  private PreTrainingConfig configuration() {
    boolean continues = output != null && Files.exists(new RunDirectory(output).config());
    if (continues) {
      BegunBy.PRETRAIN.require(output);
      PreTrainingConfig stored = RunConfigReader.readWritten(new RunDirectory(output).config());
      if (!config.isEmpty()) {
        requireSame(stored);
      }
      return stored;
    }
    if (!config.namesSource()) {
      throw new ParameterException(
          spec.commandLine(), "a new run needs --config FILE, --preset NAME or --init MODEL");
    }
    return config.read();
  }

  private void requireSame(PreTrainingConfig stored) {
    if (!config.namesSource()) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is continued with its own configuration; --set alone cannot change it"
              .formatted(output));
    }
    List<String> differences = RunConfigReader.differences(stored, config.read());
    if (!differences.isEmpty()) {
      throw new ConfigException(
          ("%s was begun with another configuration. Continue it without --config and --set, or"
                  + " choose another --output. What differs, as begun → as given now:%n  %s")
              .formatted(output, String.join("%n  ".formatted(), differences)));
    }
  }

  /** Trains in the foreground; a signal stops it between two steps, behind a checkpoint. */
  static PreTraining.Outcome train(PreTrainingConfig config, Path output, PrintWriter out) {
    try (Progress progress = progress()) {
      PreTraining run = new PreTraining(config, RunConfigReader.write(config), output, progress);
      PreTraining.Outcome outcome = StopOnSignal.run(run::run, run::stop);
      out.println(
          outcome == PreTraining.Outcome.FINISHED
              ? "%s: done".formatted(output)
              : "%s: stopped; the same command continues it".formatted(output));
      return outcome;
    }
  }

  /** The launcher says whether standard error is a terminal. */
  private static Progress progress() {
    return Boolean.getBoolean("tiedbert.terminal")
        ? Progress.terminal(System.err)
        : Progress.plain(System.err);
  }

  private void print(PlanTable table) {
    Columns columns =
        new Columns(
            "stage",
            "layers",
            "trains",
            "of parameters",
            "steps",
            "sequences",
            "FLOP/step",
            "memory",
            "time/step",
            "time");
    for (PlanTable.Row row : table.rows()) {
      columns.add(
          row.stage().name(),
          "%d".formatted(row.stage().numLayers()),
          "%,d".formatted(row.numTrainable()),
          "%,d".formatted(row.numParameters()),
          "%,d".formatted(row.stage().numSteps()),
          "%,d".formatted(row.numSequences()),
          Readable.count(row.flopsPerStep()),
          Readable.bytes(row.memoryBytes()),
          Readable.seconds(row.secondsPerStep()),
          Readable.seconds(row.seconds()));
    }
    PrintWriter out = spec.commandLine().getOut();
    columns.print(out);
    out.printf(
        "%nIn all %s by these steps, without evaluations and checkpoints.%n",
        Readable.seconds(table.seconds()));
    out.printf(
        "Compared with training everything throughout: %.2f times fewer operations%s.%n",
        table.speedUp(), measured(table.measuredSpeedUp()));
  }

  private static String measured(OptionalDouble speedUp) {
    return speedUp.isEmpty()
        ? ""
        : ", %.2f times less time by these steps".formatted(speedUp.getAsDouble());
  }
}
