package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.tiedbert.corpus.DocumentReader;
import org.tiedbert.corpus.WordNetGlosses;
import org.tiedbert.export.ServingBench;
import org.tiedbert.export.ServingSpeed;
import org.tiedbert.export.ServingSpeed.Measurement;
import org.tiedbert.export.ServingSpeed.Ratio;
import org.tiedbert.text.InputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code bench --serving}: how fast a SavedModel turns text into vectors. */
final class BenchServing {
  /** Enough that a cache of one text's answer would help nobody. */
  private static final int MAX_TEXTS = 4096;

  private static final int SEED = 1;
  private static final WorkProgress.Unit SECOND = new WorkProgress.Unit(" s", 1000);

  @Option(
      names = "--serving",
      required = true,
      paramLabel = "SAVEDMODEL",
      description = "A folder made by export.")
  private Path savedModel;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      description = "The same model for ONNX Runtime, to compare with.")
  private Path onnx;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "Its tokenizer.json. Default: the one beside it.")
  private Path tokenizer;

  @Option(
      names = "--input",
      arity = "1..*",
      paramLabel = "GLOB",
      description =
          "Text files, of which each line is a sentence: the first 4096. Default: as many of"
              + " WordNet's definitions.")
  private List<String> globs;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "How long to measure each engine at each batch size. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  ServingSpeed measure(CommandSpec spec, int numThreads) {
    ServingBench bench = bench(spec, numThreads);
    try (WorkProgress progress =
        WorkProgress.start(
            spec.commandLine().getErr(), "Measuring", SECOND, bench.totalDuration().toMillis())) {
      return bench.run(done -> progress.at(done.toMillis(), ""));
    }
  }

  private ServingBench bench(CommandSpec spec, int numThreads) {
    if (onnx == null && tokenizer != null) {
      throw new ParameterException(
          spec.commandLine(), "--tokenizer belongs to --onnx, which is missing");
    }
    if (!(seconds > 0 && seconds <= Duration.ofDays(1).toSeconds())) {
      throw new ParameterException(
          spec.commandLine(), "--seconds must be above 0 and at most a day, got " + seconds);
    }
    Optional<ServingBench.Onnx> other =
        Optional.ofNullable(onnx)
            .map(
                file ->
                    new ServingBench.Onnx(
                        file,
                        tokenizer == null ? file.resolveSibling("tokenizer.json") : tokenizer));
    Duration duration = Duration.ofNanos((long) (seconds * 1e9));
    return new ServingBench(savedModel, other, texts(), duration, numThreads);
  }

  private List<String> texts() {
    if (globs == null) {
      List<String> glosses = new ArrayList<>(WordNetGlosses.read());
      Collections.shuffle(glosses, new Random(SEED)); // as it is, each batch has one kind of word
      return glosses.subList(0, MAX_TEXTS);
    }
    try (DocumentReader documents = new DocumentReader(globs)) {
      List<String> lines = documents.paragraphs().limit(MAX_TEXTS).toList();
      if (lines.isEmpty()) {
        throw new InputException("there must be text in %s, it has none".formatted(globs));
      }
      return lines;
    }
  }

  void print(ServingSpeed speed, PrintWriter out) {
    out.printf(
        "%s: %,d texts of %.1f tokens on average, threads: %d%n%n",
        speed.savedModel(), speed.numTexts(), speed.meanTokens(), speed.numThreads());
    Columns columns =
        new Columns("engine", "batch", "sentences/s", "median", "90% within", "tokenizing");
    for (Measurement measurement : speed.measurements()) {
      columns.add(
          measurement.engine(),
          "%d".formatted(measurement.batchSize()),
          "%,.0f".formatted(measurement.sentencesPerSecond()),
          Readable.seconds(measurement.medianMillis() / 1e3),
          Readable.seconds(measurement.p90Millis() / 1e3),
          "%.1f%%".formatted(100 * measurement.tokenizingShare()));
    }
    columns.print(out);
    out.printf("%nTokenizing: the same batches into token ids alone, of the time in all.%n");
    if (!speed.ratios().isEmpty()) {
      out.printf("%nTensorFlow's sentences/s over ONNX Runtime's, turn by turn:%n");
      for (Ratio ratio : speed.ratios()) {
        out.printf(
            "  batch %2d: %.2f, from %.2f to %.2f in eight of ten turns%n",
            ratio.batchSize(), ratio.median(), ratio.lowest(), ratio.highest());
      }
      out.printf(
          "Largest difference between their vectors' elements: %.2g%n", speed.largestDifference());
    }
  }
}
