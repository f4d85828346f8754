package org.tiedbert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LossTrendTest {
  private static LossTrend after(int numLosses, double loss) {
    LossTrend trend = LossTrend.NONE;
    for (int i = 0; i < numLosses; i++) {
      trend = trend.with(loss);
    }
    return trend;
  }

  @Test
  void isAPlainMeanAtFirst() {
    LossTrend trend = LossTrend.NONE;
    for (int i = 1; i <= 100; i++) {
      trend = trend.with(i);
    }
    assertThat(trend.mean()).isCloseTo(50.5, within(1e-12));
    assertThat(trend.numLosses()).isEqualTo(100);
  }

  @Test
  void forgetsExponentiallyThen() {
    LossTrend trend = after(100, 8);
    for (int i = 0; i < 50; i++) {
      trend = trend.with(2);
    }
    assertThat(trend.mean()).isCloseTo(2 + 6 * Math.pow(0.99, 50), within(1e-12));
  }

  @Test
  void tellsAJumpFromTheTwentyFirstLossOn() {
    assertThat(after(19, 4).limit(2)).isInfinite();
    assertThat(after(20, 4).limit(2)).isEqualTo(8);
  }

  @Test
  void refusesWhatNoLossesMake() {
    assertThatThrownBy(() -> new LossTrend(Double.NaN, 1))
        .hasMessage("a trend has a finite mean and a number of losses, got NaN and 1");
  }
}
