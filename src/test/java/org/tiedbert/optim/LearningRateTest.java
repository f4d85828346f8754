package org.tiedbert.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tiedbert.optim.LearningRate.Constant;
import org.tiedbert.optim.LearningRate.Resampled;
import org.tiedbert.optim.LearningRate.StartingAt;
import org.tiedbert.optim.LearningRate.WarmupConstant;
import org.tiedbert.optim.LearningRate.WarmupCosineDecay;
import org.tiedbert.optim.LearningRate.WarmupLinearDecay;
import org.tiedbert.optim.LearningRate.WarmupPolynomialDecay;

class LearningRateTest {
  private static final double PEAK = 8;

  /** One of each variant, all with the peak 8. */
  static Stream<LearningRate> variants() {
    return Stream.of(
        new Constant(PEAK),
        new WarmupConstant(PEAK, 4),
        new WarmupLinearDecay(PEAK, 4, 12),
        new WarmupPolynomialDecay(PEAK, 4, 12, 2, 0.5),
        new WarmupCosineDecay(PEAK, 4, 12),
        new StartingAt(5, new WarmupLinearDecay(PEAK, 4, 12)),
        new Resampled(new WarmupLinearDecay(PEAK, 4, 12), 2, 7, 2, 12));
  }

  @Test
  void contractCoversEveryVariant() {
    List<Class<?>> tested = variants().<Class<?>>map(LearningRate::getClass).toList();
    assertThat(tested).containsAll(Arrays.asList(LearningRate.class.getPermittedSubclasses()));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void isAFunctionOfTheStepBetweenZeroAndThePeak(LearningRate rate) {
    for (long step = 0; step < 40; step++) {
      assertThat(rate.at(step)).isBetween(0.0, PEAK).isEqualTo(rate.at(step));
    }
    assertThat(rate.at(Long.MAX_VALUE / 4)).isBetween(0.0, PEAK);
  }

  @ParameterizedTest
  @MethodSource("variants")
  void risesToThePeakOnceAndNeverAfter(LearningRate rate) {
    boolean falling = false;
    for (long step = 1; step < 40; step++) {
      double change = rate.at(step) - rate.at(step - 1);
      falling |= change < 0;
      assertThat(falling && change > 0).as("rises again at %d", step).isFalse();
    }
  }

  @Test
  void warmsUpFromZero() {
    for (LearningRate rate : variants().skip(1).limit(4).toList()) {
      assertEquals(0, rate.at(0));
      assertEquals(2, rate.at(1));
      assertEquals(6, rate.at(3));
      assertEquals(8, rate.at(4));
    }
  }

  @Test
  void decaysByItsOwnEquation() {
    // given: step 6 of 4…12 has 6/8 of the decay left, step 10 has 2/8
    assertEquals(8, new WarmupConstant(PEAK, 4).at(10));
    assertEquals(6, new WarmupLinearDecay(PEAK, 4, 12).at(6));
    assertEquals(2, new WarmupLinearDecay(PEAK, 4, 12).at(10));
    assertEquals(0, new WarmupLinearDecay(PEAK, 4, 12).at(12));
    // 0.5 + 7.5·(3/4)² = 4.71875, 0.5 + 7.5/16 = 0.96875
    assertEquals(4.71875, new WarmupPolynomialDecay(PEAK, 4, 12, 2, 0.5).at(6));
    assertEquals(0.96875, new WarmupPolynomialDecay(PEAK, 4, 12, 2, 0.5).at(10));
    assertEquals(0.5, new WarmupPolynomialDecay(PEAK, 4, 12, 2, 0.5).at(13));
    // 4·(1 + cos 45°) = 6.8284271, 4·(1 − cos 45°) = 1.1715729
    assertEquals(6.8284271, new WarmupCosineDecay(PEAK, 4, 12).at(6), 1e-7);
    assertEquals(1.1715729, new WarmupCosineDecay(PEAK, 4, 12).at(10), 1e-7);
    assertEquals(0, new WarmupCosineDecay(PEAK, 4, 12).at(12));
  }

  @Test
  void needsNoWarmup() {
    assertEquals(8, new WarmupLinearDecay(PEAK, 0, 4).at(0));
    assertEquals(6, new WarmupLinearDecay(PEAK, 0, 4).at(1));
    assertEquals(8, new WarmupConstant(PEAK, 0).at(0));
  }

  @Test
  void startsLater() {
    LearningRate rate = new StartingAt(100, new WarmupLinearDecay(PEAK, 4, 12));
    assertEquals(0, rate.at(100));
    assertEquals(2, rate.at(101));
    assertEquals(8, rate.at(104));
    assertEquals(6, rate.at(106));
  }

  @Test
  void runsThroughTheSameCurveInFewerSteps() {
    // given: steps 2 to 12 in steps 2 to 7, so two steps at a time; before and after one at a time
    LearningRate rate = new Resampled(new WarmupLinearDecay(PEAK, 4, 12), 2, 7, 2, 12);
    double[] expected = {0, 2, 4, 8, 6, 4, 2, 0, 0};
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], rate.at(step), 1e-12, "step " + step);
    }
    // half a step lies half way: step 1 of 0 to 4 is step 2.5 of 0 to 10
    assertEquals(5, new Resampled(new WarmupLinearDecay(PEAK, 4, 12), 0, 4, 0, 10).at(1), 1e-12);
  }

  @Test
  void refusesSchedulesThatCannotBe() {
    refuses(
        () -> new WarmupLinearDecay(1, 5, 5),
        "needs 0 <= warmupSteps < totalSteps, got warmupSteps=5 and totalSteps=5");
    refuses(
        () -> new WarmupCosineDecay(1, -1, 5),
        "needs 0 <= warmupSteps < totalSteps, got warmupSteps=-1 and totalSteps=5");
    refuses(() -> new Constant(-1), "peak must be a finite rate of at least 0, got -1.0");
    refuses(
        () -> new WarmupConstant(Double.NaN, 0),
        "peak must be a finite rate of at least 0, got NaN");
    refuses(() -> new WarmupPolynomialDecay(1, 0, 5, 0, 0), "power must be above 0, got 0.0");
    refuses(
        () -> new WarmupPolynomialDecay(1, 0, 5, 1, 2),
        "end must be at most peak, got end=2.0 and peak=1.0");
    refuses(() -> new StartingAt(-1, new Constant(1)), "firstStep must be at least 0, got -1");
    refuses(
        () -> new Resampled(new Constant(1), 3, 3, 0, 1),
        "needs 0 <= firstStep < lastStep and 0 <= from <= to, got 3, 3 and 0, 1");
  }

  private static void refuses(Runnable construction, String message) {
    assertThatIllegalArgumentException().isThrownBy(construction::run).withMessage(message);
  }
}
