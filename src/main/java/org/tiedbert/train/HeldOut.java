package org.tiedbert.train;

import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.tiedbert.batch.Batch;
import org.tiedbert.cluster.Workers;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.text.Vocabulary;

/** Evaluation on the first held-out sequences, with the same masks every time. */
final class HeldOut {
  private final ShardReader shards;
  private final Vocabulary vocabulary;
  private final long numSequences;
  private final int microBatchSize;
  private final boolean nextSentence;
  private final Workers workers;

  /**
   * @param shards the held-out split, closed by its owner
   * @param maxSequences at most so many are read
   * @param workers who share them, micro-batch by micro-batch
   */
  HeldOut(
      ShardReader shards,
      Vocabulary vocabulary,
      long maxSequences,
      int microBatchSize,
      boolean nextSentence,
      Workers workers) {
    this.shards = shards;
    this.vocabulary = vocabulary;
    this.numSequences = Math.min(maxSequences, shards.numSequences());
    this.microBatchSize = microBatchSize;
    this.nextSentence = nextSentence;
    this.workers = workers;
  }

  boolean isEmpty() {
    return numSequences == 0;
  }

  EvaluationReport evaluate(StageSession session, long step) {
    HeldOutSums own = HeldOutSums.zero();
    long stride = (long) microBatchSize * workers.count();
    for (long first = (long) microBatchSize * workers.index();
        first < numSequences;
        first += stride) {
      own = own.plus(session.evaluate(batch(first), first));
    }
    HeldOutSums sums = HeldOutSums.of(workers.sum(own.toArray()));
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
    return read.padded(microBatchSize, vocabulary.padId());
  }
}
