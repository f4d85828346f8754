package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.cluster.OneWorker;
import org.tiedbert.cluster.WorkerGroup;
import org.tiedbert.cluster.Workers;
import org.tiedbert.train.PreTrainingConfig;
import org.tiedbert.train.SteppedStage;
import org.tiedbert.train.TrainingBench;
import org.tiedbert.train.TrainingSpeed;
import org.tiedbert.train.WorkersSpeed;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code bench} of training steps: what is measured, by options. */
final class BenchTraining {
  @ArgGroup(exclusive = false, heading = "%nWhat to train:%n")
  private BenchSettings settings;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Steps to measure of each stage, after three that warm up. Default: ${DEFAULT-VALUE}.")
  private int numSteps;

  @Option(
      names = "--stage",
      paramLabel = "I",
      description = "The stage for --trace and --turns, from 1. Default: the last.")
  private Integer stageNumber;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = {
        "Instead, compare N workers on this machine with one of them alone, each with the same"
            + " threads (--threads; default: its share of the cores) and as many sequences: the"
            + " efficiency, what they send, and the time of the gradients' sums."
      })
  private Integer numWorkers;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = {
        "Instead, take the time of every operation in one step of a stage: print it by type, and"
            + " write the step for chrome://tracing or ui.perfetto.dev."
      })
  private Path trace;

  @Option(
      names = "--turns",
      description = {
        "Instead, say 'ready' and then, for every number read from standard input, take so many"
            + " steps of a stage and print the seconds of each: to take turns with another"
            + " program, as tools/bench/compare.py does."
      })
  private boolean turns;

  /** Measures what the options say and prints it; returns the figures, but of turns none. */
  Optional<Record> run(CommandSpec spec, Optional<Integer> numThreads, boolean withJson) {
    requireSense(spec, withJson);
    TrainingBench bench =
        new TrainingBench(
            settings.config(numThreads.orElseGet(this::cores)), settings.maxSeqLength(), numSteps);
    if (numWorkers != null) {
      WorkersSpeed speed = measureWorkers(bench, spec);
      WorkersLines.print(speed, spec.commandLine().getOut());
      return Optional.of(speed);
    }
    if (turns) {
      try (Workers workers = workers(bench.config());
          SteppedStage stage = bench.open(stageIndex(bench, spec), workers)) {
        new BenchTurns(spec.commandLine().getOut()).take(stage);
        return Optional.empty();
      }
    }
    if (trace != null) {
      try (Workers alone = new OneWorker(bench.config().engine());
          SteppedStage stage = bench.open(stageIndex(bench, spec), alone)) {
        return Optional.of(BenchTrace.write(stage.trace(), trace, spec.commandLine().getOut()));
      }
    }
    TrainingSpeed speed = measure(bench, spec);
    TrainingLines.print(speed, spec.commandLine().getOut());
    return Optional.of(speed);
  }

  private static TrainingSpeed measure(TrainingBench bench, CommandSpec spec) {
    try (WorkProgress progress =
        WorkProgress.start(
            spec.commandLine().getErr(), "Measuring", WorkProgress.Unit.STEP, bench.totalSteps())) {
      return bench.run(done -> progress.at(done, ""));
    }
  }

  private WorkersSpeed measureWorkers(TrainingBench bench, CommandSpec spec) {
    BenchWorkers workers = new BenchWorkers(bench, numWorkers);
    try (WorkProgress progress =
        WorkProgress.start(
            spec.commandLine().getErr(),
            "Measuring",
            WorkProgress.Unit.TURN,
            workers.totalTurns())) {
      return workers.run(progress);
    }
  }

  /** Of which this is one, if {@code bench --workers} started it. */
  private static Workers workers(PreTrainingConfig config) {
    Optional<ClusterSpec> cluster =
        WorkerProcess.isSupervised()
            ? WorkersOptions.tfConfig().map(ClusterSpec::ofTfConfig)
            : Optional.empty();
    if (cluster.isEmpty()) {
      return new OneWorker(config.engine());
    }
    Workers workers =
        new WorkerGroup(cluster.get(), config.cluster(), config.engine(), Main::endStuck);
    workers.meet(note -> {});
    return workers;
  }

  /** Those of a worker. */
  private int cores() {
    return WorkerProcess.cpusOfEach(numWorkers == null ? 1 : numWorkers);
  }

  private int stageIndex(TrainingBench bench, CommandSpec spec) {
    int numStages = bench.plan().stages().size();
    if (stageNumber == null) {
      return numStages - 1;
    }
    if (stageNumber < 1 || stageNumber > numStages) {
      throw new ParameterException(
          spec.commandLine(),
          "--stage must be from 1 to %d, got %d".formatted(numStages, stageNumber));
    }
    return stageNumber - 1;
  }

  private void requireSense(CommandSpec spec, boolean withJson) {
    if (settings == null) {
      throw BenchSettings.missing(spec);
    }
    settings.requireSense(spec);
    if (numSteps < 1) {
      throw new ParameterException(
          spec.commandLine(), "--steps must be at least 1, got " + numSteps);
    }
    if (Stream.of(trace != null, turns, numWorkers != null).filter(it -> it).count() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--trace, --turns and --workers exclude one another");
    }
    if (numWorkers != null && numWorkers < 2) {
      throw new ParameterException(
          spec.commandLine(), "--workers must be at least 2, got " + numWorkers);
    }
    if (stageNumber != null && trace == null && !turns) {
      throw new ParameterException(spec.commandLine(), "--stage goes with --trace or --turns");
    }
    if (turns && withJson) {
      throw new ParameterException(spec.commandLine(), "--turns has no figures for --json");
    }
    if (trace != null) {
      WholeJson.requireFile(trace);
    }
  }
}
