package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.tiedbert.corpus.DocumentReader;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.text.WordPieceTrainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tiedbert vocab}: text into a {@code vocab.txt}. */
@Command(
    name = "vocab",
    customSynopsis = "tiedbert vocab --input GLOB... --size N --output FILE [OPTIONS]",
    description = {
      "Trains a WordPiece vocabulary on text.",
      "The same text and options give the same vocabulary.",
    },
    footer = {
      "",
      "Example:",
      "  tiedbert vocab --input 'texts/**.txt.gz' --size 30522 --output data/vocab.txt"
    })
final class VocabCommand implements Callable<Integer> {
  @Mixin private InputOptions input;

  @Option(
      names = "--size",
      required = true,
      paramLabel = "N",
      description = "Most entries it may have; BERT's has 30522.")
  private int size;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The vocab.txt to write; must not exist.")
  private Path output;

  @Option(
      names = "--min-frequency",
      paramLabel = "N",
      defaultValue = "2",
      description =
          "How often two pieces must stand side by side to be joined. Default: ${DEFAULT-VALUE}.")
  private int minFrequency;

  @Option(
      names = "--limit-alphabet",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "How many distinct characters to keep, the most frequent first. Default: ${DEFAULT-VALUE}.")
  private int limitAlphabet;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    PrintWriter err = spec.commandLine().getErr();
    WordPieceTrainer trainer =
        input.settings(
            () ->
                new WordPieceTrainer(
                    WordPieceTrainer.Settings.of(size)
                        .withLowerCase(!input.cased)
                        .withMinFrequency(minFrequency)
                        .withLimitAlphabet(limitAlphabet),
                    input.numThreads));
    requireAbsent(output);
    long numBytes = countWords(trainer, err);
    Vocabulary vocabulary = learn(trainer, err);
    requireAbsent(output); // another process may have made it meanwhile
    vocabulary.write(output);
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %,d tokens from %s of files in %s%n",
            output,
            vocabulary.size(),
            Readable.bytes(numBytes),
            Readable.duration(Duration.ofNanos(System.nanoTime() - start)));
    if (vocabulary.size() < size) {
      err.printf("The text has no more; %,d were asked for.%n", size);
    }
    return 0;
  }

  private long countWords(WordPieceTrainer trainer, PrintWriter err) {
    try (DocumentReader documents = new DocumentReader(input.globs)) {
      OutputFolder.make(output.toAbsolutePath().getParent()); // fails now or never
      long total = documents.totalBytes();
      try (WorkProgress progress =
          WorkProgress.start(err, "Counting words", WorkProgress.Unit.MEGABYTE, total)) {
        trainer.add(
            documents.paragraphs().peek(text -> progress.at(documents.bytesRead(), "")).iterator());
      }
      return total;
    }
  }

  private Vocabulary learn(WordPieceTrainer trainer, PrintWriter err) {
    try (WorkProgress progress =
        WorkProgress.start(err, "Learning pieces", WorkProgress.Unit.TOKEN, size)) {
      return trainer.train(numTokens -> progress.at(numTokens, ""));
    }
  }

  private static void requireAbsent(Path output) {
    if (Files.exists(output)) {
      throw new InputException(
          "%s exists; name another --output, or delete this one".formatted(output));
    }
  }
}
