package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tiedbert.analysis.Axis.Range;
import org.tiedbert.analysis.Axis.Scale;

class TicksTest {
  @Test
  void stepsAreOneTwoOrFiveTimesAPowerOfTen() {
    assertThat(Ticks.of(new Range(-0.03, 1.02), Scale.LINEAR, 6).labels())
        .containsExactly("0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertThat(Ticks.of(new Range(-130, 260), Scale.LINEAR, 5).labels())
        .containsExactly("\u2212100", "0", "100", "200");
    assertThat(Ticks.of(new Range(0, 12_100), Scale.LINEAR, 7).labels())
        .containsExactly("0", "2,000", "4,000", "6,000", "8,000", "10,000", "12,000");
    assertThat(Ticks.of(new Range(0, 3e-5), Scale.LINEAR, 3).labels())
        .containsExactly("0", "1E\u22125", "2E\u22125", "3E\u22125");
  }

  @Test
  void countsHaveTicksAtWholeNumbers() {
    assertThat(Ticks.of(new Range(-0.1, 2.1), Scale.WHOLE, 9).labels())
        .containsExactly("0", "1", "2");
  }

  @Test
  void logarithmsHavePowersOfTenOrWhatIsBetween() {
    assertThat(Ticks.of(new Range(0.5, 2e4), Scale.LOG, 6).labels())
        .containsExactly("1", "10", "100", "1,000", "10,000");
    assertThat(Ticks.of(new Range(2.2, 13), Scale.LOG, 8).labels())
        .containsExactly("3", "5", "7", "10");
    assertThat(Ticks.of(new Range(5.8, 6.9), Scale.LOG, 6).labels())
        .containsExactly("5.8", "6.0", "6.2", "6.4", "6.6", "6.8");
  }
}
