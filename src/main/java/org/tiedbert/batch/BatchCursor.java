package org.tiedbert.batch;

/**
 * Where a run stands in its data: all that is needed to go on with the batch that would have come.
 *
 * @param nextSequence sequences given out since the start of the run, over all epochs
 */
public record BatchCursor(long nextSequence) {
  /** The start of a run. */
  public static final BatchCursor START = new BatchCursor(0);

  public BatchCursor {
    if (nextSequence < 0) {
      throw new IllegalArgumentException("nextSequence must not be negative, got " + nextSequence);
    }
  }

  /** The cursor behind {@code numSequences} more. */
  public BatchCursor plus(int numSequences) {
    return new BatchCursor(Math.addExact(nextSequence, numSequences));
  }
}
