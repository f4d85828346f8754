package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tiedbert.batch.Batch;

class MadeUpShardsTest {
  @Test
  void areFullOfWords() {
    try (MadeUpShards shards = new MadeUpShards(12, 8, false, 50)) {
      // when
      Batch batch = Batch.read(shards.reader(), new long[] {0, 49});
      // then
      assertThat(shards.reader().numSequences()).isEqualTo(50);
      assertThat(shards.vocabulary().size()).isEqualTo(12);
      for (int row : new int[] {0, 8}) {
        int[] ids = Arrays.copyOfRange(batch.inputIds(), row, row + 8);
        assertThat(ids[0]).isEqualTo(shards.vocabulary().clsId());
        assertThat(ids[7]).isEqualTo(shards.vocabulary().sepId());
        assertThat(IntStream.range(1, 7).map(i -> ids[i])).allMatch(id -> id >= 5 && id < 12);
      }
      assertThat(batch.segmentIds()).containsOnly(0);
    }
  }

  @Test
  void arePairsWhereAskedFor() {
    try (MadeUpShards shards = new MadeUpShards(12, 8, true, 2)) {
      Batch batch = Batch.read(shards.reader(), new long[] {0, 1});
      assertThat(Arrays.copyOf(batch.segmentIds(), 8)).containsExactly(0, 0, 0, 0, 1, 1, 1, 1);
      assertThat(batch.inputIds()[3]).isEqualTo(shards.vocabulary().sepId());
      assertThat(batch.nextSentenceLabels()).containsExactly(0, 1);
    }
  }
}
