package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StageSpeedTest {
  @Test
  void partsAreSharesOfTheMedianStep() {
    // given: 0.25, 0.5 and 1 s of 2 s
    assertThat(StageSpeed.Parts.of(2, 0.25, 0.5, 1))
        .isEqualTo(new StageSpeed.Parts(0.125, 0.25, 0.5));
  }
}
