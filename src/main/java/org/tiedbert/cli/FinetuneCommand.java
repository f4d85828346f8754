package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.eval.FineTuning;
import org.tiedbert.eval.FineTuningConfig;
import org.tiedbert.eval.FineTuningResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tiedbert finetune}: a model and labelled text into a model that labels. */
@Command(
    name = "finetune",
    customSynopsis = {
      "tiedbert finetune --task T --data DIR --init MODEL --output RUN [OPTION...]",
      "       tiedbert finetune --task (classification | regression) --train FILE --dev FILE"
          + " [--text COLUMN] [--pair COLUMN] [--label COLUMN] --init MODEL --output RUN"
          + " [OPTION...]",
      "       tiedbert finetune --output RUN"
    },
    description = {
      "Fine-tunes a model on labelled text, and scores it after each epoch. The run's folder is a"
          + " model then, that of the best score: export takes it.",
      "Ctrl-C or SIGTERM takes a checkpoint first; the same command then continues, to the same"
          + " result as without the stop."
    },
    footer = {
      "",
      "Examples:",
      "  tiedbert finetune --task RTE --data data/glue --init runs/mine --output runs/rte",
      "  tiedbert finetune --task classification --train mails.csv --dev more.csv --text body"
          + " --label folder --init data/minilm --output runs/mails"
    })
final class FinetuneCommand implements Callable<Integer> {
  @Mixin private TaskOptions task;

  @Mixin private StartOptions start;

  @Option(
      names = "--output",
      paramLabel = "RUN",
      required = true,
      description = "The run's folder.")
  private Path output;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the examples: 3.")
  private Integer epochs;

  @Option(names = "--batch-size", paramLabel = "N", description = "Examples a step: 32.")
  private Integer batchSize;

  @Option(names = "--learning-rate", paramLabel = "X", description = "At its peak: 5e-5.")
  private Double learningRate;

  @Option(names = "--max-seq-length", paramLabel = "N", description = "Tokens of an input: 128.")
  private Integer maxSeqLength;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of new parameters, order and dropout: 1.")
  private Long seed;

  @Option(
      names = "--early-stopping",
      paramLabel = "N",
      description = "End after so many scores in a row that are no better.")
  private Integer earlyStopping;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings in YAML, below those of the command line.")
  private Path file;

  @Option(
      names = "--set",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Further settings: --set engine.precision=bfloat16 optimizer.weightDecay=0.1")
  private List<String> overrides = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    FineTuningConfig config = configuration();
    PrintWriter out = spec.commandLine().getOut();
    FineTuning run;
    Optional<FineTuningResult> result;
    try (FineTuningLines lines = new FineTuningLines(spec.commandLine().getErr())) {
      run = new FineTuning(config, FineTuningConfigReader.write(config), output, lines);
      result = StopOnSignal.run(run::run, run::stop);
    }
    if (result.isEmpty()) {
      out.printf("%s: stopped; the same command continues it%n", output);
      return 0;
    }
    print(result.get(), out);
    return 0;
  }

  private FineTuningConfig configuration() {
    List<String> settings = settings();
    Path stored = new RunDirectory(output).config();
    if (!Files.exists(stored)) {
      return file == null
          ? FineTuningConfigReader.defaults(settings)
          : FineTuningConfigReader.read(file, settings);
    }
    BegunBy.FINETUNE.require(output);
    FineTuningConfig begun = FineTuningConfigReader.readWritten(stored);
    if (settings.isEmpty() && file == null) {
      return begun;
    }
    if (file == null && !start.nameModel()) {
      throw new ParameterException(
          spec.commandLine(),
          "%s is continued with its own configuration; name nothing but --output, or all of it"
              .formatted(output));
    }
    FineTuningConfig now =
        file == null
            ? FineTuningConfigReader.defaults(settings)
            : FineTuningConfigReader.read(file, settings);
    List<String> differences = RunConfigReader.differences(begun, now);
    if (!differences.isEmpty()) {
      throw new ConfigException(
          ("%s was begun with another configuration. Continue it with --output alone, or choose"
                  + " another --output. What differs, as begun → as given now:%n  %s")
              .formatted(output, String.join("%n  ".formatted(), differences)));
    }
    return begun;
  }

  /** The options in the order in which later ones win. */
  private List<String> settings() {
    List<String> settings = new ArrayList<>(task.settings());
    settings.addAll(start.settings());
    add(settings, "epochs", epochs);
    add(settings, "batchSize", batchSize);
    add(settings, "learningRate.peak", learningRate);
    add(settings, "maxSeqLength", maxSeqLength);
    add(settings, "seed", seed);
    add(settings, "evaluation.patience", earlyStopping);
    settings.addAll(overrides);
    return settings;
  }

  private static void add(List<String> settings, String path, Object value) {
    if (value != null) {
      settings.add(ConfigOverrides.text(path, value));
    }
  }

  private void print(FineTuningResult result, PrintWriter out) {
    Columns columns = new Columns("best of " + result.task(), "metric", "value");
    for (FineTuningResult.DataSetResult set : result.dataSets()) {
      set.metrics()
          .forEach((name, value) -> columns.add(set.name(), name, "%.1f".formatted(100 * value)));
      set.undefined().forEach((name, reason) -> columns.add(set.name(), name, "none: " + reason));
    }
    columns.print(out);
    out.printf(
        "%nAt step %,d of %,d%s, in %s. The model: %s%n",
        result.bestStep(),
        result.steps(),
        result.stoppedEarly() ? ", where patience ended it" : "",
        Readable.seconds(result.seconds()),
        output);
  }
}
