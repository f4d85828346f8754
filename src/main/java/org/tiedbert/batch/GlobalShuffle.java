package org.tiedbert.batch;

/**
 * The order of records in training: in each epoch another permutation of [0, n), computed place by
 * place from a key. Nothing is stored, so any worker knows the record at any position, and a
 * resumed run needs no more than its position. Immutable.
 *
 * <p>A permutation of the smallest power of four not below n (and 256) is a Feistel network: eight
 * rounds (left, right) → (right, left ⊕ f(right ⊕ keyᵣ)), f being David Stafford's 64-bit mix 13
 * cut to half a word. Where it leads out of [0, n) it is applied again until it does not (cycle
 * walking; Black and Rogaway 2002), which makes it a permutation of [0, n) and takes fewer than
 * four applications on average, from n = 64 on.
 */
public final class GlobalShuffle {
  private static final int NUM_ROUNDS = 8;
  private static final int MIN_HALF_BITS = 4; // with fewer a round has too few values to mix
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L; // 2⁶⁴ / golden ratio, odd

  private final long numRecords;
  private final long seed;
  private final int halfBits;
  private final long halfMask;

  /**
   * @param numRecords n, in [1, 2⁶⁰]
   */
  public GlobalShuffle(long numRecords, long seed) {
    if (numRecords < 1 || numRecords > 1L << 60) {
      throw new IllegalArgumentException(
          "numRecords must lie in [1, 2^60], got %d".formatted(numRecords));
    }
    this.numRecords = numRecords;
    this.seed = seed;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(numRecords - 1);
    halfBits = Math.max(MIN_HALF_BITS, (bits + 1) / 2);
    halfMask = (1L << halfBits) - 1;
  }

  /**
   * The record at a position of the whole run.
   *
   * @param position counts records from 0 over all epochs
   */
  public long recordAt(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position must not be negative, got " + position);
    }
    long epochKey = mix(mix(seed) + (position / numRecords + 1) * GOLDEN_GAMMA);
    long record = position % numRecords;
    do {
      record = permute(record, epochKey);
    } while (record >= numRecords);
    return record;
  }

  private long permute(long value, long epochKey) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 1; round <= NUM_ROUNDS; round++) {
      long mixed = left ^ mix(right ^ mix(epochKey + round * GOLDEN_GAMMA)) & halfMask;
      left = right;
      right = mixed;
    }
    return left << halfBits | right;
  }

  /** A bijection of 64-bit words in which every input bit flips about half of the output's. */
  private static long mix(long value) {
    value = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    value = (value ^ value >>> 27) * 0x94D049BB133111EBL;
    return value ^ value >>> 31;
  }
}
