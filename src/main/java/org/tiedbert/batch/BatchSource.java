package org.tiedbert.batch;

import java.util.stream.LongStream;
import org.tiedbert.corpus.CorpusException;
import org.tiedbert.corpus.ShardReader;

/**
 * The batches of a training run, read ahead by a thread. Position p of the run holds record {@link
 * GlobalShuffle#recordAt}(p); batches follow one another, across epochs too, without a gap but for
 * places that are to be skipped. A source that starts at another's cursor gives bit for bit the
 * batches that the other would have given. Does not own the shards, which must stay open until this
 * is closed. For one caller at a time.
 */
public final class BatchSource implements AutoCloseable {
  private static final int PREFETCHED_BATCHES = 4;

  private final BatchShare share;
  private final SkippedSequences skipped;
  private final GlobalShuffle shuffle;
  private final Prefetcher<Batch> prefetcher;
  private BatchCursor cursor;

  /**
   * @param seed of the order
   * @param share what is read of each batch
   * @param padId fills a share up to its rows
   * @param start where to begin; {@link BatchCursor#START}, or {@link #cursor} of an earlier source
   *     with the same shards and seed
   * @param skipped no batch begins at a place of these
   */
  public BatchSource(
      ShardReader shards,
      long seed,
      BatchShare share,
      int padId,
      BatchCursor start,
      SkippedSequences skipped) {
    if (shards.numSequences() == 0) {
      throw new IllegalArgumentException(
          "there must be sequences to train on, the shards hold none for " + shards.split());
    }
    this.share = share;
    this.shuffle = new GlobalShuffle(shards.numSequences(), seed);
    this.cursor = start;
    this.skipped = skipped;
    prefetcher = new Prefetcher<>(new Reading(shards, padId, start)::next, PREFETCHED_BATCHES);
  }

  /**
   * This worker's share of the next batch; waits for it if need be.
   *
   * @throws CorpusException if a record of it is damaged; every later call throws it too
   */
  public Batch next() {
    Batch batch = prefetcher.next();
    cursor = skipped.next(cursor).plus(share.batchSize());
    return batch;
  }

  /** The position behind the last batch returned. */
  public BatchCursor cursor() {
    return cursor;
  }

  /** The records of the whole last batch, of which this worker has its share. */
  public long[] records() {
    return records(cursor.nextSequence() - share.batchSize(), share.batchSize());
  }

  private long[] records(long firstPlace, int size) {
    return LongStream.range(firstPlace, firstPlace + size).map(shuffle::recordAt).toArray();
  }

  /** What the prefetching thread does; its position runs ahead of {@link #cursor}. */
  private final class Reading {
    private final ShardReader shards;
    private final int padId;
    private BatchCursor position;

    Reading(ShardReader shards, int padId, BatchCursor start) {
      this.shards = shards;
      this.padId = padId;
      this.position = start;
    }

    Batch next() {
      BatchCursor start = skipped.next(position);
      position = start.plus(share.batchSize());
      long[] records = records(start.nextSequence() + share.first(), share.size());
      return Batch.read(shards, records).padded(share.numRows(), padId);
    }
  }

  @Override
  public void close() {
    prefetcher.close();
  }
}
