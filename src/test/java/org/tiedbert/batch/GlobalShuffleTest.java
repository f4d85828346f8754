package org.tiedbert.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobalShuffleTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 16, 17, 255, 256, 257, 1000, 4095, 4096, 4097, 65537, 100003})
  void everyEpochHasEveryRecordOnce(int numRecords) {
    GlobalShuffle shuffle = new GlobalShuffle(numRecords, 42);
    for (long epoch : new long[] {0, 1, 1000}) {
      BitSet seen = new BitSet(numRecords);
      for (long i = 0; i < numRecords; i++) {
        seen.set(Math.toIntExact(shuffle.recordAt(epoch * numRecords + i)));
      }
      assertThat(seen.cardinality()).isEqualTo(numRecords);
      assertThat(seen.length()).isEqualTo(numRecords);
    }
  }

  @Test
  void epochsAndSeedsHaveOrdersOfTheirOwn() {
    // a permutation agrees with another in one place on average, rarely in more than six
    long[] order = order(new GlobalShuffle(1000, 1), 0);
    assertThat(agreements(order, order(new GlobalShuffle(1000, 1), 1))).isLessThan(7);
    assertThat(agreements(order, order(new GlobalShuffle(1000, 2), 0))).isLessThan(7);
    assertThat(agreements(order, LongStream.range(0, 1000).toArray())).isLessThan(7);
    assertThat(order(new GlobalShuffle(1000, 1), 0)).isEqualTo(order);
  }

  @Test
  void everyRecordIsEquallyLikelyAtEveryPosition() {
    // given: 20,000 epochs of 10 records; each (position, record) is expected 2,000 times
    GlobalShuffle shuffle = new GlobalShuffle(10, 3);
    int[] count = new int[100];
    for (int position = 0; position < 200_000; position++) {
      count[position % 10 * 10 + (int) shuffle.recordAt(position)]++;
    }
    // then: χ² has (10 − 1)² = 81 degrees of freedom; its 10⁻⁶ quantile is 150
    double chiSquare = 0;
    for (int observed : count) {
      chiSquare += Math.pow(observed - 2000, 2) / 2000;
    }
    assertThat(chiSquare).isBetween(35.0, 150.0);
  }

  @Test
  void neighboursAreScattered() {
    // given: steps between the records at positions i and i + 1 of a million
    GlobalShuffle shuffle = new GlobalShuffle(1_000_000, 5);
    double sumOfDistances = 0;
    for (int i = 0; i < 30_000; i++) {
      sumOfDistances += Math.abs(shuffle.recordAt(i + 1) - shuffle.recordAt(i));
    }
    // then: two uniform draws from [0, n) are n/3 apart on average; σ = n/√18/√30,000
    assertThat(sumOfDistances / 30_000).isBetween(333_333 - 9_000.0, 333_333 + 9_000.0);
  }

  @Test
  void largeIndicesAreNotCut() {
    GlobalShuffle shuffle = new GlobalShuffle(1L << 60, 5);
    long[] records = LongStream.range(0, 1000).map(shuffle::recordAt).toArray();
    assertThat(LongStream.of(records).max().orElseThrow()).isBetween(1L << 59, (1L << 60) - 1);
    assertThat(LongStream.of(records).distinct().count()).isEqualTo(1000);
  }

  /**
   * A checkpoint's cursor means the same records for ever: these values may never change. They were
   * computed by a Python program written from the class comment.
   */
  @Test
  void theOrderIsPinned() {
    assertThat(LongStream.range(0, 10).map(new GlobalShuffle(10, 1)::recordAt).toArray())
        .containsExactly(3, 7, 6, 0, 5, 2, 8, 1, 4, 9);
    assertThat(LongStream.range(10, 20).map(new GlobalShuffle(10, 1)::recordAt).toArray())
        .containsExactly(4, 9, 0, 5, 8, 1, 2, 3, 7, 6);
    GlobalShuffle large = new GlobalShuffle(1_000_000_007L, -7);
    assertThat(LongStream.of(0, 1, 999_999_999, 1_000_000_007, 5_000_000_000L).map(large::recordAt))
        .containsExactly(537742715L, 746583040L, 126043447L, 950060099L, 907548059L);
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new GlobalShuffle(0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("numRecords must lie in [1, 2^60], got 0");
    assertThatThrownBy(() -> new GlobalShuffle(5, 1).recordAt(-1))
        .hasMessage("position must not be negative, got -1");
  }

  private static long[] order(GlobalShuffle shuffle, long epoch) {
    return LongStream.range(epoch * 1000, (epoch + 1) * 1000).map(shuffle::recordAt).toArray();
  }

  private static int agreements(long[] one, long[] two) {
    int agreements = 0;
    for (int i = 0; i < one.length; i++) {
      agreements += one[i] == two[i] ? 1 : 0;
    }
    return agreements;
  }
}
