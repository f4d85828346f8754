package org.tiedbert.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.export.ServingSpeed.Measurement;
import org.tiedbert.export.ServingSpeed.Ratio;
import org.tiedbert.export.Turns.Times;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/**
 * Measures how fast a SavedModel turns text into vectors through Java, and beside it, in the same
 * run, ONNX Runtime with an ONNX file of the same model.
 *
 * @param savedModel a folder that {@link SavedModelExport} wrote
 * @param onnx what to compare with
 * @param texts that batches are made of, in order, and again from the first where they end
 * @param duration that the engines are measured at each batch size, on their average, after warming
 *     up
 * @param numThreads for each engine
 */
public record ServingBench(
    Path savedModel, Optional<Onnx> onnx, List<String> texts, Duration duration, int numThreads) {
  public static final List<Integer> BATCH_SIZES = List.of(1, 8, 32);

  private static final int TRIAL_BATCH_SIZE = 8;
  private static final Duration LONGEST_TRIAL = Duration.ofSeconds(2);

  /**
   * An ONNX file of input_ids, attention_mask and token_type_ids, whose first output of rank 3 is
   * the last hidden states.
   *
   * @param tokenizer its tokenizer.json
   */
  public record Onnx(Path model, Path tokenizer) {}

  public ServingBench {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("there must be texts, got none");
    }
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("duration must be positive, got " + duration);
    }
    if (numThreads < 1) {
      throw new IllegalArgumentException("numThreads must be positive, got " + numThreads);
    }
    texts = List.copyOf(texts);
  }

  /** How long the measuring proper takes, all engines and batch sizes together. */
  public Duration totalDuration() {
    return duration.multipliedBy((long) BATCH_SIZES.size() * (onnx.isPresent() ? 2 : 1));
  }

  /**
   * Loads the models and measures.
   *
   * @param progress told from time to time how much of {@link #totalDuration()} is done
   * @throws InputException if a model cannot be loaded, or does not take text
   */
  public ServingSpeed run(Consumer<Duration> progress) {
    Path assets = savedModel.resolve(SavedModelExport.ASSETS);
    if (!Files.isDirectory(assets)) {
      throw new InputException(
          "%s is not a SavedModel made by tiedbert export: it has no %s"
              .formatted(savedModel, SavedModelExport.ASSETS));
    }
    BertConfig config = BertConfig.read(assets.resolve(BertConfig.FILE_NAME));
    Vocabulary vocabulary = Vocabulary.read(assets.resolve(Vocabulary.FILE_NAME));
    double meanTokens = meanTokens(config, vocabulary);
    try (ServedEmbedder served = new ServedEmbedder(savedModel, numThreads)) {
      if (onnx.isEmpty()) {
        return run(List.of(served), meanTokens, progress);
      }
      int maxSeqLength = config.encoder().maxPositionEmbeddings();
      try (OnnxEmbedder other =
          OnnxEmbedder.fastest(
              onnx.get(),
              maxSeqLength,
              numThreads,
              batches(TRIAL_BATCH_SIZE),
              duration.compareTo(LONGEST_TRIAL) < 0 ? duration : LONGEST_TRIAL)) {
        return run(List.of(served, other), meanTokens, progress);
      }
    }
  }

  private double meanTokens(BertConfig config, Vocabulary vocabulary) {
    int maxSeqLength = config.encoder().maxPositionEmbeddings();
    try (BertTokenizer tokenizer = new BertTokenizer(vocabulary, config.lowerCase())) {
      return tokenizer.encodeAll(texts).stream()
          .mapToInt(ids -> Math.min(ids.length + 2, maxSeqLength))
          .average()
          .orElseThrow();
    }
  }

  private ServingSpeed run(
      List<? extends TextEmbedder> embedders, double meanTokens, Consumer<Duration> progress) {
    double difference = largestDifference(embedders);
    List<Measurement> measurements = new ArrayList<>();
    List<Ratio> ratios = new ArrayList<>();
    for (int i = 0; i < BATCH_SIZES.size(); i++) {
      int batchSize = BATCH_SIZES.get(i);
      Duration before = duration.multipliedBy((long) i * embedders.size());
      List<Times> times =
          new Turns(embedders, batches(batchSize))
              .measure(duration, done -> progress.accept(before.plus(done)));
      for (int engine = 0; engine < embedders.size(); engine++) {
        measurements.add(
            Measurement.of(batchSize, embedders.get(engine).name(), times.get(engine)));
      }
      if (embedders.size() == 2) {
        ratios.add(Ratio.of(batchSize, times.get(0), times.get(1)));
      }
    }
    return new ServingSpeed(
        savedModel.toString(),
        Runtime.version().toString(),
        numThreads,
        Runtime.getRuntime().availableProcessors(),
        texts.size(),
        meanTokens,
        difference,
        measurements,
        ratios);
  }

  private List<List<String>> batches(int batchSize) {
    int numBatches = Math.max(1, texts.size() / batchSize);
    return IntStream.range(0, numBatches)
        .mapToObj(
            batch ->
                IntStream.range(batch * batchSize, (batch + 1) * batchSize)
                    .mapToObj(text -> texts.get(text % texts.size()))
                    .toList())
        .toList();
  }

  /** Whether the engines do the same work is seen by what they make of it. */
  private double largestDifference(List<? extends TextEmbedder> embedders) {
    List<String> some = batches(BATCH_SIZES.get(BATCH_SIZES.size() - 1)).get(0);
    float[][] first = embedders.get(0).embed(some);
    double largest = 0;
    for (TextEmbedder embedder : embedders) {
      float[][] other = embedder.embed(some);
      if (other[0].length != first[0].length) {
        throw new InputException(
            "the two models must be the same: %s makes vectors of %d, %s of %d"
                .formatted(savedModel, first[0].length, onnx.get().model(), other[0].length));
      }
      for (int i = 0; i < first.length; i++) {
        for (int h = 0; h < first[i].length; h++) {
          largest = Math.max(largest, Math.abs(first[i][h] - other[i][h]));
        }
      }
    }
    return largest;
  }
}
