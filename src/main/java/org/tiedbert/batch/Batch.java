package org.tiedbert.batch;

import java.util.Arrays;
import org.tiedbert.corpus.ShardReader;

/**
 * Sequences for one step, in plain arrays on the heap: row-major, row b beginning at {@code b ·
 * maxSeqLength}. The arrays are the batch's own and are not copied; nobody writes to them.
 *
 * @param batchSize B
 * @param maxSeqLength S
 * @param inputIds token ids [B·S]
 * @param segmentIds 0 or 1 [B·S]; zeros without sentence pairs
 * @param nextSentenceLabels 0 is next, 1 is random [B]; zeros without sentence pairs
 * @param records each row's index in its split [B]
 */
public record Batch(
    int batchSize,
    int maxSeqLength,
    int[] inputIds,
    int[] segmentIds,
    int[] nextSentenceLabels,
    long[] records) {
  public Batch {
    requireLength("inputIds", inputIds.length, (long) batchSize * maxSeqLength);
    requireLength("segmentIds", segmentIds.length, (long) batchSize * maxSeqLength);
    requireLength("nextSentenceLabels", nextSentenceLabels.length, batchSize);
    requireLength("records", records.length, batchSize);
  }

  /** Reads the given records, one a row. */
  public static Batch read(ShardReader shards, long[] records) {
    int maxSeqLength = shards.maxSeqLength();
    int[] inputIds = new int[Math.multiplyExact(records.length, maxSeqLength)];
    int[] segmentIds = new int[inputIds.length];
    int[] nextSentenceLabels = new int[records.length];
    for (int row = 0; row < records.length; row++) {
      nextSentenceLabels[row] = shards.read(records[row], inputIds, segmentIds, row * maxSeqLength);
    }
    return new Batch(
        records.length, maxSeqLength, inputIds, segmentIds, nextSentenceLabels, records);
  }

  /** The same with rows of padding behind its own, which count for nothing. */
  public Batch padded(int numRows, int padId) {
    if (numRows == batchSize) {
      return this;
    }
    int[] tokens = new int[numRows * maxSeqLength];
    Arrays.fill(tokens, padId);
    System.arraycopy(inputIds, 0, tokens, 0, inputIds.length);
    return new Batch(
        numRows,
        maxSeqLength,
        tokens,
        Arrays.copyOf(segmentIds, tokens.length),
        Arrays.copyOf(nextSentenceLabels, numRows),
        Arrays.copyOf(records, numRows));
  }

  private static void requireLength(String name, int found, long expected) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "%s must have length %d, got %d".formatted(name, expected, found));
    }
  }
}
