package org.tiedbert.corpus;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What {@link ShardPreparation} is told. {@link #of} has the defaults, the {@code with} methods
 * change one setting each.
 *
 * @param inputs globs of {@code .txt} and {@code .jsonl} files, see {@link DocumentReader}
 * @param vocabulary a {@code vocab.txt}
 * @param output the directory to make
 * @param heldOutFraction the fraction of documents, in [0, 1), that goes to {@link Split#HELD_OUT}
 * @param seed of the split and of the sentence pairs
 * @param threads tokenizing ones; the output does not depend on it
 * @param maxShardBytes a shard is ended before it becomes longer
 */
public record PreparationSettings(
    List<String> inputs,
    Path vocabulary,
    Path output,
    boolean lowerCase,
    int maxSeqLength,
    Packing packing,
    double heldOutFraction,
    long seed,
    int threads,
    long maxShardBytes) {
  /** A longer shard is a file that few tools like. */
  private static final long LARGEST_SHARD_BYTES = 1L << 30;

  public PreparationSettings {
    inputs = List.copyOf(inputs);
    require(
        maxSeqLength >= packing.minSeqLength() && maxSeqLength <= RecordFormat.MAX_SEQ_LENGTH,
        "maxSeqLength must lie in [%d, %d] for packing %s, got %d",
        packing.minSeqLength(),
        RecordFormat.MAX_SEQ_LENGTH,
        packing.description(),
        maxSeqLength);
    require(
        heldOutFraction >= 0 && heldOutFraction < 1,
        "heldOutFraction must lie in [0, 1), got %s",
        heldOutFraction);
    require(threads >= 1 && threads <= 4096, "threads must lie in [1, 4096], got %d", threads);
    require(
        maxShardBytes >= 1 && maxShardBytes <= LARGEST_SHARD_BYTES,
        "maxShardBytes must lie in [1, %d], got %d",
        LARGEST_SHARD_BYTES,
        maxShardBytes);
  }

  /** Uncased, sequences of 128 within documents, one document in a hundred held out, all cores. */
  public static PreparationSettings of(List<String> inputs, Path vocabulary, Path output) {
    return new PreparationSettings(
        inputs,
        vocabulary,
        output,
        true,
        128,
        Packing.DEFAULT,
        0.01,
        1,
        Runtime.getRuntime().availableProcessors(),
        ShardWriter.DEFAULT_MAX_SHARD_BYTES);
  }

  public PreparationSettings withLowerCase(boolean value) {
    return new PreparationSettings(
        inputs,
        vocabulary,
        output,
        value,
        maxSeqLength,
        packing,
        heldOutFraction,
        seed,
        threads,
        maxShardBytes);
  }

  public PreparationSettings withMaxSeqLength(int value) {
    return new PreparationSettings(
        inputs,
        vocabulary,
        output,
        lowerCase,
        value,
        packing,
        heldOutFraction,
        seed,
        threads,
        maxShardBytes);
  }

  public PreparationSettings withPacking(Packing value) {
    return new PreparationSettings(
        inputs,
        vocabulary,
        output,
        lowerCase,
        maxSeqLength,
        value,
        heldOutFraction,
        seed,
        threads,
        maxShardBytes);
  }

  public PreparationSettings withHeldOutFraction(double value) {
    return new PreparationSettings(
        inputs,
        vocabulary,
        output,
        lowerCase,
        maxSeqLength,
        packing,
        value,
        seed,
        threads,
        maxShardBytes);
  }

  public PreparationSettings withSeed(long value) {
    return new PreparationSettings(
        inputs,
        vocabulary,
        output,
        lowerCase,
        maxSeqLength,
        packing,
        heldOutFraction,
        value,
        threads,
        maxShardBytes);
  }

  public PreparationSettings withThreads(int value) {
    return new PreparationSettings(
        inputs,
        vocabulary,
        output,
        lowerCase,
        maxSeqLength,
        packing,
        heldOutFraction,
        seed,
        value,
        maxShardBytes);
  }

  public PreparationSettings withMaxShardBytes(long value) {
    return new PreparationSettings(
        inputs,
        vocabulary,
        output,
        lowerCase,
        maxSeqLength,
        packing,
        heldOutFraction,
        seed,
        threads,
        value);
  }

  /** What of these settings shapes the output and is not a manifest field of its own. */
  Map<String, String> forManifest() {
    return Map.of(
        "packing", packing.description(),
        "heldOutFraction", Double.toString(heldOutFraction),
        "seed", Long.toString(seed),
        "maxShardBytes", Long.toString(maxShardBytes));
  }

  private static void require(boolean holds, String rule, Object... values) {
    if (!holds) {
      throw new IllegalArgumentException(rule.formatted(values));
    }
  }
}
