package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tiedbert.corpus.WordNetClasses;
import org.tiedbert.eval.FineTuning;
import org.tiedbert.eval.FineTuningConfig;
import org.tiedbert.eval.FineTuningResult;
import picocli.CommandLine;

/** A task on quickstart's own text, learnt with and without the pre-training. */
final class QuickstartTask {
  private static final int NUM_TRAIN = 6000;
  private static final int NUM_DEV = 1500;

  private final CommandLine command;
  private final Path output;

  QuickstartTask(CommandLine command, Path output) {
    this.command = command;
    this.output = output;
  }

  /**
   * Fine-tunes both models and prints their scores.
   *
   * @param model the pre-trained one
   * @return false if a signal stopped it
   */
  boolean compare(Path model) {
    Path train = output.resolve("nouns-train.tsv");
    Path dev = output.resolve("nouns-dev.tsv");
    WordNetClasses.write(train, NUM_TRAIN, dev, NUM_DEV);
    Columns columns = new Columns("model", "accuracy", "run");
    for (String weights : List.of("preTrained", "untrained")) {
      Path run = output.resolve("nouns-" + weights.toLowerCase(Locale.ROOT));
      Optional<FineTuningResult> result = fineTune(config(model, weights, train, dev), run);
      if (result.isEmpty()) {
        return false;
      }
      columns.add(
          weights.equals("untrained") ? "without pre-training" : "pre-trained",
          "%.1f".formatted(100 * result.get().score()),
          run.toString());
    }
    columns.print(command.getOut());
    command
        .getOut()
        .printf(
            "of %,d definitions, after learning from %,d (a guess is right in %.1f). The difference is"
                + " what%nso short a pre-training is worth to it, for better or worse.%n",
            NUM_DEV, NUM_TRAIN, 100.0 / WordNetClasses.NUM_CLASSES);
    return true;
  }

  private Optional<FineTuningResult> fineTune(FineTuningConfig config, Path run) {
    try (FineTuningLines lines = new FineTuningLines(command.getErr())) {
      FineTuning tuning = new FineTuning(config, FineTuningConfigReader.write(config), run, lines);
      return StopOnSignal.run(tuning::run, tuning::stop);
    }
  }

  private static FineTuningConfig config(Path model, String weights, Path train, Path dev) {
    List<String> settings = new ArrayList<>();
    settings.add("task.kind=classification");
    settings.add(ConfigOverrides.text("task.train", train));
    settings.add(ConfigOverrides.text("task.dev", dev));
    settings.add(ConfigOverrides.text("task.text", WordNetClasses.DEFINITION));
    settings.add(ConfigOverrides.text("task.label", WordNetClasses.CLASS));
    settings.add(ConfigOverrides.text("init", model));
    settings.add("weights=" + weights);
    settings.add("maxSeqLength=32");
    settings.add("learningRate.peak=1e-3");
    return FineTuningConfigReader.defaults(settings);
  }
}
