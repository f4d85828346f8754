package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepTimesTest {
  @Test
  void ordersThem() {
    // given: 1 to 11, of which 1.1, 5.5 and 9.9 rounded up are the 2nd, the 6th and the 10th
    double[] seconds = {3, 11, 1, 2, 10, 4, 9, 5, 8, 6, 7};
    // then
    assertThat(StepTimes.of(seconds)).isEqualTo(new StepTimes(11, 2, 6, 10));
    assertThat(StepTimes.of(new double[] {5})).isEqualTo(new StepTimes(1, 5, 5, 5));
  }
}
