package org.tiedbert.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.tiedbert.batch.GlobalShuffle;

/**
 * The batches of an epoch, each of examples of like length, so that short texts are not padded to
 * the length of long ones: a permutation of all examples is cut into pools of {@value
 * #BATCHES_IN_POOL} batches, each pool is sorted by length and cut into batches, and the batches
 * take their turns in another permutation. A function of seed and epoch alone.
 */
final class LengthBuckets {
  private static final int BATCHES_IN_POOL = 64;

  private final int[] lengths;
  private final int batchSize;
  private final long seed;

  /**
   * @param lengths of the examples, in tokens
   */
  LengthBuckets(int[] lengths, int batchSize, long seed) {
    this.lengths = lengths.clone();
    this.batchSize = batchSize;
    this.seed = seed;
  }

  /** Batches of an epoch, the last of which may be smaller: ⌈examples / batchSize⌉. */
  int numBatches() {
    return (lengths.length + batchSize - 1) / batchSize;
  }

  /**
   * @param epoch counted from 0
   * @return the examples of each batch; every example is in one
   */
  List<int[]> epoch(long epoch) {
    List<int[]> cut = new ArrayList<>();
    int poolSize = BATCHES_IN_POOL * batchSize;
    int[] order = permutation(lengths.length, seed, epoch);
    for (int from = 0; from < order.length; from += poolSize) {
      int to = Math.min(order.length, from + poolSize);
      cut(byLength(Arrays.copyOfRange(order, from, to)), cut);
    }
    return Arrays.stream(permutation(cut.size(), ~seed, epoch)).mapToObj(cut::get).toList();
  }

  /** All examples once, the shortest first, in batches; for evaluation. */
  List<int[]> sorted() {
    List<int[]> cut = new ArrayList<>();
    cut(byLength(IntStream.range(0, lengths.length).toArray()), cut);
    return cut;
  }

  private void cut(int[] examples, List<int[]> batches) {
    for (int from = 0; from < examples.length; from += batchSize) {
      batches.add(Arrays.copyOfRange(examples, from, Math.min(examples.length, from + batchSize)));
    }
  }

  private int[] byLength(int[] examples) {
    return Arrays.stream(examples)
        .boxed()
        .sorted(Comparator.comparingInt(example -> lengths[example]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int[] permutation(int size, long seed, long epoch) {
    GlobalShuffle shuffle = new GlobalShuffle(size, seed);
    return IntStream.range(0, size).map(i -> (int) shuffle.recordAt(epoch * size + i)).toArray();
  }
}
