package org.tiedbert.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tiedbert.stage.LearningRateSchedule.Scope;

class LearningRateScheduleTest {
  private static final StageMethod TWO_STAGES =
      new StageMethod.Mslt(List.of(10L, 30L), 0, MomentPolicy.COPY);

  static Stream<Decay> decays() {
    return Stream.of(
        new Decay.Linear(), new Decay.Polynomial(2, 0.1), new Decay.Cosine(), new Decay.Constant());
  }

  @Test
  void contractCoversEveryDecay() {
    List<Class<?>> tested = decays().<Class<?>>map(Decay::getClass).toList();
    assertThat(tested).containsExactlyInAnyOrder(Decay.class.getPermittedSubclasses());
    assertThat(Arrays.asList(Scope.values())).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("decays")
  void warmsUpOncePerRun(Decay decay) {
    StagePlan plan =
        TWO_STAGES.build(2, new LearningRateSchedule(8, 4, decay, Scope.RUN, List.of()));
    assertEquals(0, rate(plan, 0));
    assertEquals(4, rate(plan, 2));
    assertEquals(8, rate(plan, 4));
    // the second stage goes on where the first ended
    assertThat(rate(plan, 10)).isBetween(4.0, rate(plan, 9));
  }

  @ParameterizedTest
  @MethodSource("decays")
  void warmsUpOncePerStage(Decay decay) {
    StagePlan plan =
        TWO_STAGES.build(2, new LearningRateSchedule(8, 4, decay, Scope.STAGE, List.of()));
    for (long firstStep : new long[] {0, 10}) {
      assertEquals(0, rate(plan, firstStep));
      assertEquals(4, rate(plan, firstStep + 2));
      assertEquals(8, rate(plan, firstStep + 4));
    }
  }

  @Test
  void decaysOverItsScope() {
    LearningRateSchedule run =
        new LearningRateSchedule(8, 0, new Decay.Linear(), Scope.RUN, List.of());
    LearningRateSchedule stage =
        new LearningRateSchedule(8, 0, new Decay.Linear(), Scope.STAGE, List.of());
    // 8 · (40 − 25)/40 = 3 and 8 · (40 − 25)/30 = 4
    assertEquals(3, rate(TWO_STAGES.build(2, run), 25));
    assertEquals(4, rate(TWO_STAGES.build(2, stage), 25));
  }

  @Test
  void takesAPeakForEachStage() {
    LearningRateSchedule schedule =
        new LearningRateSchedule(8, 0, new Decay.Constant(), Scope.RUN, List.of(5.0, 3.0));
    StagePlan plan = TWO_STAGES.build(2, schedule);
    assertEquals(5, rate(plan, 9));
    assertEquals(3, rate(plan, 10));
  }

  @Test
  void refusesWhatDoesNotFitThePlan() {
    refuses(
        new LearningRateSchedule(8, 0, new Decay.Linear(), Scope.RUN, List.of(1.0)),
        "stagePeaks needs one learning rate for each of the 2 stages, or none, got 1");
    refuses(
        new LearningRateSchedule(8, 40, new Decay.Linear(), Scope.RUN, List.of()),
        "warmupSteps must be fewer than the 40 steps of the run, got 40");
    refuses(
        new LearningRateSchedule(8, 10, new Decay.Linear(), Scope.STAGE, List.of()),
        "warmupSteps must be fewer than the 10 steps of the shortest stage (scope: STAGE), got 10");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningRateSchedule(0, 1, new Decay.Linear(), Scope.RUN, List.of()))
        .withMessage("a peak learning rate must be above 0, got 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningRateSchedule(1, -1, new Decay.Linear(), Scope.RUN, List.of()))
        .withMessage("warmupSteps must be at least 0, got -1");
  }

  private static void refuses(LearningRateSchedule schedule, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TWO_STAGES.build(2, schedule))
        .withMessage(message);
  }

  private static double rate(StagePlan plan, long step) {
    return plan.at(step).learningRate().at(step);
  }
}
