package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SeedSpreadTest {
  private static final OptionalDouble NONE = OptionalDouble.empty();

  @Test
  void isWhatOneWorksOutByHand() {
    // given: mean 0.5; squares of the distances 0.04, 0.01, 0, 0.09 in no order, by 3
    SeedSpread spread = SeedSpread.of(scores(0.6, 0.3, 0.8, 0.3));
    assertThat(spread.numSeeds()).isEqualTo(4);
    assertThat(spread.numUndefined()).isZero();
    assertThat(spread.median()).isCloseTo(0.45, within(1e-12));
    assertThat(spread.mean()).isCloseTo(0.5, within(1e-12));
    assertThat(spread.standardDeviation())
        .isCloseTo(Math.sqrt((0.01 + 0.04 + 0.09 + 0.04) / 3), within(1e-12));
    assertThat(spread.min()).isEqualTo(0.3);
    assertThat(spread.max()).isEqualTo(0.8);
    // numpy.percentile([.3, .3, .6, .8], [25, 75]): places 0.75 and 2.25 of 0 to 3
    assertThat(spread.lowerQuartile()).isCloseTo(0.3, within(1e-12));
    assertThat(spread.upperQuartile()).isCloseTo(0.65, within(1e-12));
  }

  @Test
  void oneSeedHasNoDeviation() {
    SeedSpread spread = SeedSpread.of(scores(0.7));
    assertThat(spread).isEqualTo(new SeedSpread(1, 0, 0.7, 0.7, null, 0.7, 0.7, 0.7, 0.7));
  }

  @Test
  void seedsWithoutAScoreCountAsTheLowest() {
    OptionalDouble low = OptionalDouble.of(0.5);
    OptionalDouble high = OptionalDouble.of(0.7);
    SeedSpread spread = SeedSpread.of(List.of(high, NONE, low));
    assertThat(spread.median()).isEqualTo(0.5);
    assertThat(spread.mean()).isCloseTo(0.6, within(1e-12));
    assertThat(spread.numUndefined()).isEqualTo(1);
    // the middle is, or reaches, one that has none
    assertThat(SeedSpread.of(List.of(NONE, NONE, low)).median()).isNull();
    assertThat(SeedSpread.of(List.of(NONE, high, low, NONE)).median()).isNull();
    assertThat(SeedSpread.of(List.of(NONE)))
        .isEqualTo(new SeedSpread(1, 1, null, null, null, null, null, null, null));
  }

  static List<OptionalDouble> scores(double... scores) {
    return Arrays.stream(scores).mapToObj(OptionalDouble::of).toList();
  }
}
