package org.tiedbert.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.corpus.DocumentReader;
import org.tiedbert.corpus.Packing;
import org.tiedbert.corpus.PreparationResult;
import org.tiedbert.corpus.PreparationSettings;
import org.tiedbert.corpus.ShardPreparation;
import org.tiedbert.corpus.WordNetClasses;
import org.tiedbert.corpus.WordNetGlosses;
import org.tiedbert.export.SavedModelExport;
import org.tiedbert.report.RunReport;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.text.WordPieceTrainer;
import org.tiedbert.train.PreTraining;
import org.tiedbert.train.PreTrainingConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiedbert quickstart}: the main job in one go, on text that comes with the build. */
@Command(
    name = "quickstart",
    description = {
      "Trains a small Tied-BERT with multi-stage layerwise training on WordNet's definitions:"
          + " vocabulary, shards, pre-training, SavedModel, what the model makes of a few sentences, and"
          + " a fine-tuning task with and without the pre-training. Ten minutes on two cores.",
      "Every file it leaves is one that the other commands read. Started again, it continues where"
          + " it was stopped."
    },
    footer = {"", "Example:", "  tiedbert quickstart --output runs/quickstart"})
final class QuickstartCommand implements Callable<Integer> {
  private static final String SHARDS = "shards";
  private static final int VOCAB_SIZE = 8000;
  private static final int MAX_SEQ_LENGTH = 64;
  private static final double HELD_OUT = 0.02;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = "runs/quickstart",
      description = "The folder for all of it. Default: ${DEFAULT-VALUE}.")
  private Path output;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "7",
      description = "Time for the pre-training itself. Default: ${DEFAULT-VALUE}.")
  private int minutes;

  @Spec private CommandSpec spec;
  private PrintWriter out;

  @Override
  public Integer call() throws IOException {
    out = spec.commandLine().getOut();
    long start = System.nanoTime();
    PreTrainingConfig config = config(output.resolve(SHARDS)); // its problems come first
    OutputFolder.make(output);
    Path text = text();
    Path vocab = vocabulary(text);
    Path shards = shards(text, vocab);
    Path run = output.resolve("run");
    heading(
        "4/7  Pre-training: two noised views of every sequence, tied; the encoder grown by MSLT");
    PreTraining.Outcome outcome = PretrainCommand.train(config, run, Optional.empty(), out);
    if (outcome == PreTraining.Outcome.STOPPED) {
      return 0;
    }
    Path savedModel = savedModel(run);
    heading("6/7  What it learned");
    new QuickstartSamples(out).print(savedModel, WordNetGlosses.read());
    heading(
        "7/7  What that is worth: which of WordNet's %d kinds of nouns is defined?"
            .formatted(WordNetClasses.NUM_CLASSES));
    if (!new QuickstartTask(spec.commandLine(), output).compare(run)) {
      return 0;
    }
    report(run);
    next(run, savedModel, shards, Duration.ofNanos(System.nanoTime() - start));
    return 0;
  }

  private Path text() {
    heading("1/7  Text: WordNet 3.1's words and definitions");
    Path text = output.resolve("glosses.txt");
    if (isNew(text)) {
      WordNetGlosses.write(text);
      out.printf("%s%n", text);
    }
    return text;
  }

  private Path vocabulary(Path text) {
    heading("2/7  Vocabulary");
    Path file = output.resolve(Vocabulary.FILE_NAME);
    if (isNew(file)) {
      WordPieceTrainer trainer =
          new WordPieceTrainer(
              WordPieceTrainer.Settings.of(VOCAB_SIZE), Runtime.getRuntime().availableProcessors());
      try (DocumentReader documents = new DocumentReader(List.of(text.toString()))) {
        trainer.add(documents.paragraphs().iterator());
      }
      Vocabulary vocabulary = trainer.train();
      vocabulary.write(file);
      out.printf("%s: %,d tokens%n", file, vocabulary.size());
    }
    return file;
  }

  private Path shards(Path text, Path vocab) {
    heading("3/7  Shards");
    Path shards = output.resolve(SHARDS);
    if (isNew(shards)) {
      PreparationSettings settings =
          PreparationSettings.of(List.of(text.toString()), vocab, shards)
              .withMaxSeqLength(MAX_SEQ_LENGTH)
              .withPacking(new Packing.AcrossDocuments(Packing.DEFAULT_MIN_TOKENS))
              .withHeldOutFraction(HELD_OUT);
      PreparationResult result = new ShardPreparation(settings).run(progress -> {});
      out.printf(
          "%s: %,d sequences of %d tokens, %,d held out%n",
          shards,
          result.manifest().train().numSequences(),
          MAX_SEQ_LENGTH,
          result.manifest().heldOut().numSequences());
    }
    return shards;
  }

  private PreTrainingConfig config(Path shards) {
    return RunConfigReader.preset(
        "quickstart",
        List.of(ConfigOverrides.text("data.shards", shards), "maxDuration=%dm".formatted(minutes)));
  }

  private Path savedModel(Path run) {
    heading("5/7  SavedModel");
    Path savedModel = output.resolve("savedmodel");
    if (isNew(savedModel)) {
      new SavedModelExport(ModelDirectory.open(run, damaged -> out.println(damaged.getMessage())))
          .write(savedModel);
      out.printf("%s%n", savedModel);
    }
    return savedModel;
  }

  private void report(Path run) {
    RunReport report = new RunReport(run, RunConfigReader::defaultsYaml, true);
    report.write(report.defaultFile());
  }

  private void next(Path run, Path savedModel, Path shards, Duration duration) {
    heading("Done in " + Readable.duration(duration));
    out.printf(
        """
        What to do next:
          read the report          %1$s/report/index.html
          watch the curves         tensorboard --logdir %1$s
          fine-tune on your texts  tools/tiedbert finetune --task classification --train T.csv --dev D.csv --text COLUMN --label COLUMN --init %1$s --output runs/mine
          ask the model            echo 'the [MASK] of a tree' | tools/tiedbert fill-mask --model %2$s
          sentence vectors         echo 'a small bird' | tools/tiedbert embed --model %2$s
          train longer             tools/tiedbert pretrain --preset quickstart --set data.shards=%3$s stages.steps='[20000, 20000]' --output runs/longer
          train on your own text   tools/tiedbert vocab, prepare, pretrain, export: each has --help
        """,
        run, savedModel, shards);
    out.flush();
  }

  private void heading(String text) {
    out.printf("%n%s%n", text);
    out.flush();
  }

  /** Whether a step is still to do; says so where it is not. */
  private boolean isNew(Path made) {
    if (Files.exists(made)) {
      out.printf("%s is there already%n", made);
      return false;
    }
    return true;
  }
}
