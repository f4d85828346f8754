package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tiedbert.cluster.ClusterSpec;
import org.tiedbert.cluster.OneWorker;
import org.tiedbert.cluster.WorkerGroup;
import org.tiedbert.cluster.Workers;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
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
  private static final Pattern SHAPE =
      Pattern.compile("(\\d{1,6}),(\\d{1,6}),(\\d{1,6}),(\\d{1,6})");

  private static final String VIEW =
      "{kind: tokenMasking, rate: 0.15, maskProb: 0.8, randomProb: 0.1}";

  @ArgGroup private Source source;

  /** What gives the encoder's shape, and all other settings their defaults. */
  static final class Source {
    @Option(
        names = "--shape",
        paramLabel = "L,H,A,S",
        description =
            "A BERT of L layers, hidden size H and A attention heads, on sequences of S tokens.")
    private String shape;

    @Option(
        names = "--preset",
        paramLabel = "NAME",
        description = "A preset: ${COMPLETION-CANDIDATES}.",
        completionCandidates = ConfigOptions.Presets.class)
    private String preset;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "A configuration in YAML, as pretrain takes it; its shards are not read.")
    private Path file;
  }

  @Option(
      names = "--batch",
      paramLabel = "B",
      description =
          "Sequences of a step, all at once. Default: as in the configuration, which is 256 in"
              + " micro-batches of 32 for a shape.")
  private Integer batchSize;

  @Option(
      names = "--seq-length",
      paramLabel = "S",
      description = "Tokens of a sequence, for a preset or a configuration. Default: 128.")
  private Integer maxSeqLength;

  @Option(
      names = "--vocab-size",
      paramLabel = "V",
      description = "Size of the vocabulary. Default: as in the configuration, 30522 for a shape.")
  private Integer vocabSize;

  @Option(
      names = "--views",
      paramLabel = "N",
      description =
          "1 noised view of a sequence, or 2 that are tied. Default: as configured, or 1.")
  private Integer numViews;

  @Option(
      names = "--precision",
      paramLabel = "FORMAT",
      description = "Of matrix products: float32 or bfloat16. Default: as configured, or float32.")
  private Precision precision;

  @Option(
      names = "--xla",
      paramLabel = "MODE",
      description = "What XLA compiles: off or fusible. Default: as configured, or off.")
  private XlaMode xla;

  @Option(
      names = "--set",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Overrides other settings, by path: --set data.microBatchSize=16")
  private List<String> overrides = new ArrayList<>();

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
        new TrainingBench(config(numThreads.orElseGet(this::cores)), maxSeqLength(), numSteps);
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
    String cluster = System.getenv(ClusterSpec.TF_CONFIG);
    if (cluster == null || Long.getLong(WorkerProcess.SUPERVISOR) == null) {
      return new OneWorker(config.engine());
    }
    Workers workers =
        new WorkerGroup(
            ClusterSpec.ofTfConfig(cluster), config.cluster(), config.engine(), Main::endStuck);
    workers.meet(note -> {});
    return workers;
  }

  /** Those of a worker. */
  private int cores() {
    int numCpus = Runtime.getRuntime().availableProcessors();
    return numWorkers == null ? numCpus : Math.max(1, numCpus / numWorkers);
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
    if (source == null) {
      throw new ParameterException(
          spec.commandLine(), "--shape L,H,A,S, --preset NAME or --config FILE is needed");
    }
    if (source.shape != null && !SHAPE.matcher(source.shape).matches()) {
      throw new ParameterException(
          spec.commandLine(),
          "--shape must be four numbers L,H,A,S such as 4,256,4,128, got " + source.shape);
    }
    if (source.shape != null && maxSeqLength != null) {
      throw new ParameterException(
          spec.commandLine(), "--shape has the sequence length; leave out --seq-length");
    }
    if (numViews != null && numViews != 1 && numViews != 2) {
      throw new ParameterException(spec.commandLine(), "--views must be 1 or 2, got " + numViews);
    }
    if (numSteps < 1) {
      throw new ParameterException(
          spec.commandLine(), "--steps must be at least 1, got " + numSteps);
    }
    if (maxSeqLength() < 3) {
      throw new ParameterException(
          spec.commandLine(),
          "sequences must have at least 3 tokens, [CLS] a word [SEP], got " + maxSeqLength());
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

  private int maxSeqLength() {
    if (source.shape != null) {
      return shape(4);
    }
    return maxSeqLength == null ? 128 : maxSeqLength;
  }

  private int shape(int place) {
    Matcher shape = SHAPE.matcher(source.shape);
    shape.matches();
    return Integer.parseInt(shape.group(place));
  }

  private PreTrainingConfig config(int numThreads) {
    List<String> settings = settings();
    settings.add("engine.numThreads=" + numThreads);
    settings.addAll(overrides);
    if (source.shape != null) {
      return RunConfigReader.defaults(settings);
    }
    return source.preset != null
        ? RunConfigReader.preset(source.preset, settings)
        : RunConfigReader.read(source.file, settings);
  }

  private List<String> settings() {
    List<String> settings = new ArrayList<>(List.of("data.shards='made-up sequences'"));
    if (source.shape != null) {
      settings.add("model.numHiddenLayers=" + shape(1));
      settings.add("model.hiddenSize=" + shape(2));
      settings.add("model.numAttentionHeads=" + shape(3));
      settings.add("model.intermediateSize=" + 4 * shape(2));
      settings.add("model.maxPositionEmbeddings=" + shape(4));
    }
    if (batchSize != null) {
      settings.add("data.batchSize=" + batchSize);
      settings.add("data.microBatchSize=" + batchSize);
    }
    if (vocabSize != null) {
      settings.add("model.vocabSize=" + vocabSize);
    }
    if (numViews != null) {
      settings.add("noise.views=[%s]".formatted(numViews == 1 ? VIEW : VIEW + ", " + VIEW));
      settings.add("loss.tiedWeight=" + (numViews - 1));
    }
    if (precision != null) {
      settings.add("engine.precision=" + Spelling.ofConstant(precision));
    }
    if (xla != null) {
      settings.add("engine.xla=" + Spelling.ofConstant(xla));
    }
    return settings;
  }
}
