package org.tiedbert.batch;

/**
 * What one of several workers computes of every batch: consecutive sequences, as many as the other
 * workers have, or one fewer or more. All workers go through the same number of micro-batches of
 * one shape, so rows of padding fill the share up.
 *
 * @param batchSize sequences of a batch, all workers' together
 * @param microBatchSize rows that go through the graph at once
 * @param numWorkers W
 * @param worker in [0, W)
 */
public record BatchShare(int batchSize, int microBatchSize, int numWorkers, int worker) {
  public BatchShare {
    if (numWorkers < 1 || worker < 0 || worker >= numWorkers) {
      throw new IllegalArgumentException(
          "worker must lie in [0, numWorkers), got %d and %d".formatted(worker, numWorkers));
    }
    if (batchSize < numWorkers || microBatchSize < 1) {
      throw new IllegalArgumentException(
          "there must be a sequence for each worker, and one in each micro-batch, got a batch of %d"
                  .formatted(batchSize)
              + " for %d workers and a micro-batch of %d".formatted(numWorkers, microBatchSize));
    }
  }

  /**
   * The share of a worker, with micro-batches no larger than the share.
   *
   * @param microBatchSize rows that may go through the graph at once
   */
  public static BatchShare of(int batchSize, int microBatchSize, int numWorkers, int worker) {
    int largest = (batchSize + numWorkers - 1) / numWorkers;
    return new BatchShare(batchSize, Math.min(microBatchSize, largest), numWorkers, worker);
  }

  /** Place of the first sequence in the batch. */
  public int first() {
    return first(worker);
  }

  /** Number of sequences. */
  public int size() {
    return first(worker + 1) - first(worker);
  }

  public int numMicroBatches() {
    int largest = (batchSize + numWorkers - 1) / numWorkers;
    return (largest + microBatchSize - 1) / microBatchSize;
  }

  /** Number of sequences and rows of padding. */
  public int numRows() {
    return numMicroBatches() * microBatchSize;
  }

  private int first(int ofWorker) {
    return (int) ((long) batchSize * ofWorker / numWorkers);
  }
}
