package org.tiedbert.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchShareTest {
  @Test
  void elevenSequencesForThreeWorkers() {
    // given: floor(11·w/3) for w = 0, 1, 2, 3 is 0, 3, 7, 11; micro-batches of 2
    int[] first = {0, 3, 7};
    int[] size = {3, 4, 4};
    for (int worker = 0; worker < 3; worker++) {
      BatchShare share = BatchShare.of(11, 2, 3, worker);
      assertThat(share.first()).isEqualTo(first[worker]);
      assertThat(share.size()).isEqualTo(size[worker]);
      // then: every worker runs the graph as often as those with the most
      assertThat(share.numMicroBatches()).isEqualTo(2);
      assertThat(share.numRows()).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "32, 32, 5", "256, 32, 7", "3, 1, 3", "1024, 48, 64"})
  void everySequenceIsSomebodysAndFits(int batchSize, int microBatchSize, int numWorkers) {
    int next = 0;
    for (int worker = 0; worker < numWorkers; worker++) {
      BatchShare share = BatchShare.of(batchSize, microBatchSize, numWorkers, worker);
      assertThat(share.first()).isEqualTo(next);
      next += share.size();
      assertThat(share.size()).isBetween(1, share.numRows());
      assertThat(share.microBatchSize()).isLessThanOrEqualTo(microBatchSize);
    }
    assertThat(next).isEqualTo(batchSize);
  }

  @Test
  void refusesWhatCannotBeShared() {
    assertThatThrownBy(() -> BatchShare.of(3, 1, 4, 0))
        .hasMessageContaining("a sequence for each worker")
        .hasMessageContaining("a batch of 3 for 4 workers");
    assertThatThrownBy(() -> BatchShare.of(3, 1, 2, 2)).hasMessageContaining("got 2 and 2");
    assertThatThrownBy(() -> BatchShare.of(3, 0, 2, 1)).hasMessageContaining("micro-batch of 0");
  }
}
