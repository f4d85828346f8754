package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthBucketsTest {
  private static final int NUM_EXAMPLES = 1003;
  private static final int BATCH_SIZE = 8;

  private final int[] lengths = new Random(1).ints(NUM_EXAMPLES, 3, 128).toArray();
  private final LengthBuckets buckets = new LengthBuckets(lengths, BATCH_SIZE, 5);

  @Test
  void everyExampleIsInOneBatchOfAnEpoch() {
    List<int[]> epoch = buckets.epoch(3);
    assertThat(epoch).hasSize(126).hasSize(buckets.numBatches());
    assertThat(epoch.stream().filter(batch -> batch.length != BATCH_SIZE)).hasSize(1);
    assertThat(epoch.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, NUM_EXAMPLES).toArray());
  }

  @Test
  void epochsDifferAndAreAlwaysTheSame() {
    assertThat(buckets.epoch(0).toArray(int[][]::new))
        .isDeepEqualTo(buckets.epoch(0).toArray(int[][]::new));
    assertThat(buckets.epoch(0).get(0)).isNotEqualTo(buckets.epoch(1).get(0));
    assertThat(buckets.epoch(0).get(0))
        .isNotEqualTo(new LengthBuckets(lengths, BATCH_SIZE, 6).epoch(0).get(0));
  }

  @Test
  void batchesAreOfLikeLengthAndInNoOrderOfIt() {
    List<int[]> epoch = buckets.epoch(0);
    // given: a batch at random of 8 lengths between 3 and 127 spans (8 − 1)/(8 + 1) of them: 97
    double meanSpan =
        epoch.stream().mapToInt(batch -> max(batch) - min(batch)).average().orElseThrow();
    assertThat(meanSpan).isLessThan(4);
    long rising =
        IntStream.range(1, epoch.size())
            .filter(i -> max(epoch.get(i)) >= max(epoch.get(i - 1)))
            .count();
    assertThat(rising).isBetween(40L, 85L);
  }

  @Test
  void evaluationGoesFromTheShortestToTheLongest() {
    List<int[]> sorted = buckets.sorted();
    assertThat(sorted.stream().flatMapToInt(Arrays::stream).map(i -> lengths[i]).toArray())
        .isSorted();
  }

  private int max(int[] batch) {
    return Arrays.stream(batch).map(i -> lengths[i]).max().orElseThrow();
  }

  private int min(int[] batch) {
    return Arrays.stream(batch).map(i -> lengths[i]).min().orElseThrow();
  }
}
