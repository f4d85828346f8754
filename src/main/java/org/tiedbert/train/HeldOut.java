package org.tiedbert.train;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.tiedbert.batch.Batch;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.text.Vocabulary;

/** Evaluation on the first held-out sequences, with the same masks every time. */
final class HeldOut {
  private final ShardReader shards;
  private final Vocabulary vocabulary;
  private final long numSequences;
  private final int microBatchSize;
  private final boolean nextSentence;

  /**
   * @param shards the held-out split, closed by its owner
   * @param maxSequences at most so many are read
   */
  HeldOut(
      ShardReader shards,
      Vocabulary vocabulary,
      long maxSequences,
      int microBatchSize,
      boolean nextSentence) {
    this.shards = shards;
    this.vocabulary = vocabulary;
    this.numSequences = Math.min(maxSequences, shards.numSequences());
    this.microBatchSize = microBatchSize;
    this.nextSentence = nextSentence;
  }

  boolean isEmpty() {
    return numSequences == 0;
  }

  EvaluationReport evaluate(StageSession session, long step) {
    HeldOutSums sums = HeldOutSums.zero();
    for (long first = 0; first < numSequences; first += microBatchSize) {
      sums = sums.plus(session.evaluate(batch(first), first));
    }
    OptionalDouble pairAccuracy =
        nextSentence
            ? OptionalDouble.of(sums.numNextSentenceCorrect() / sums.numSequences())
            : OptionalDouble.empty();
    return new EvaluationReport(
        step,
        sums.crossEntropy() / sums.numPredictions(),
        sums.numCorrect() / sums.numPredictions(),
        pairAccuracy,
        shards.manifest().split(shards.split()).unigramEntropy());
  }

  /** Sequences from the given one on; rows behind the last are padding and count for nothing. */
  private Batch batch(long first) {
    int size = (int) Math.min(microBatchSize, numSequences - first);
    Batch read = Batch.read(shards, LongStream.range(first, first + size).toArray());
    return size == microBatchSize ? read : padded(read);
  }

  private Batch padded(Batch read) {
    int length = read.maxSeqLength();
    int[] inputIds = new int[microBatchSize * length];
    Arrays.fill(inputIds, vocabulary.padId());
    System.arraycopy(read.inputIds(), 0, inputIds, 0, read.inputIds().length);
    return new Batch(
        microBatchSize,
        length,
        inputIds,
        Arrays.copyOf(read.segmentIds(), inputIds.length),
        Arrays.copyOf(read.nextSentenceLabels(), microBatchSize),
        Arrays.copyOf(read.records(), microBatchSize));
  }
}
