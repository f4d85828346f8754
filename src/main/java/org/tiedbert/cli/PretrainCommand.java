package org.tiedbert.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.cluster.ClusterSpec;
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
          + " --dry-run",
      "       tiedbert pretrain ... --local-workers N",
      "       tiedbert pretrain ... --worker I"
    },
    description = {
      "Pre-trains an encoder on shards, or continues a run where it stopped.",
      "Ctrl-C or SIGTERM takes a checkpoint first; the same command then continues, to the same"
          + " result as without the stop.",
      "Several workers do it together, to the same result: on this machine (--local-workers), or one"
          + " on each of several, which all run this command. Who they are is said by TF_CONFIG, as"
          + " TensorFlow reads it, or by cluster.workers and --worker. Worker 0, the chief, writes"
          + " RUN; the others need the shards and nothing else."
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

  @Mixin private WorkersOptions workers;

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
    PreTrainingConfig configuration = workers.over(configuration());
    if (workers.isLocal()) {
      return workers.local(configuration).run();
    }
    Optional<ClusterSpec> cluster = workers.cluster(configuration);
    train(configuration, output, cluster, spec.commandLine().getOut());
    return 0;
  }

  private PreTrainingConfig configuration() {
    boolean continues = output != null && Files.exists(new RunDirectory(output).config());
    if (continues) {
      BegunBy.PRETRAIN.require(output);
      PreTrainingConfig stored = RunConfigReader.readWritten(new RunDirectory(output).config());
      return config.isEmpty() ? stored : continued(stored);
    }
    if (!config.namesSource()) {
      throw new ParameterException(
          spec.commandLine(), "a new run needs --config FILE, --preset NAME or --init MODEL");
    }
    return config.read();
  }

  /** The run's own configuration; by what workers it is continued may differ from time to time. */
  private PreTrainingConfig continued(PreTrainingConfig stored) {
    if (!config.namesSource()) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is continued with its own configuration; --set alone cannot change it"
              .formatted(output));
    }
    PreTrainingConfig given = config.read();
    List<String> differences =
        RunConfigReader.differences(stored, given.withCluster(given.cluster().ofResults()));
    if (!differences.isEmpty()) {
      throw new ConfigException(
          ("%s was begun with another configuration. Continue it without --config and --set, or"
                  + " choose another --output. What differs, as begun → as given now:%n  %s")
              .formatted(output, String.join("%n  ".formatted(), differences)));
    }
    return given;
  }

  /** Trains in the foreground; a signal stops it between two steps, behind a checkpoint. */
  static PreTraining.Outcome train(
      PreTrainingConfig config, Path output, Optional<ClusterSpec> cluster, PrintWriter out) {
    String kept = RunConfigReader.write(config.withCluster(config.cluster().ofResults()));
    try (Progress progress = progress(cluster)) {
      PreTraining run = new PreTraining(config, kept, output, progress, cluster, Main::endStuck);
      stopWithSupervisor(run);
      PreTraining.Outcome outcome = StopOnSignal.run(run::run, run::stop);
      out.println(
          outcome == PreTraining.Outcome.FINISHED
              ? "%s: done".formatted(output)
              : "%s: stopped; the same command continues it".formatted(output));
      return outcome;
    }
  }

  /** A worker that another process started stops when that one is gone, or ends its input. */
  private static void stopWithSupervisor(PreTraining run) {
    if (WorkerProcess.isSupervised()) {
      Thread watch = new Thread(() -> stopAtEnd(System.in, run), "watch over standard input");
      watch.setDaemon(true);
      watch.start();
    }
  }

  private static void stopAtEnd(InputStream input, PreTraining run) {
    try {
      input.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the other end is gone
    }
    run.stop();
  }

  /** The launcher says whether standard error is a terminal; of local workers the chief tells. */
  private static Progress progress(Optional<ClusterSpec> cluster) {
    if (WorkerProcess.isSupervised() && cluster.filter(spec -> spec.worker() > 0).isPresent()) {
      return Progress.silent();
    }
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
