package org.tiedbert.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tiedbert.stage.LearningRateSchedule.Scope;
import org.tiedbert.stage.StageMethod.Mslt;

class ScheduleFitTest {
  /** 100 + 100 steps, then 200 of retraining; warm-up over the first 40. */
  private final StagePlan plan =
      new Mslt(List.of(100L, 100L), 200, MomentPolicy.COPY)
          .build(2, new LearningRateSchedule(8, 40, new Decay.Linear(), Scope.RUN, List.of()));

  private static final List<Double> SECONDS_PER_STEP = List.of(1.0, 2.0, 3.0);

  @Test
  void addsUpWhatIsLeft() {
    // 100·1 + 100·2 + 200·3, and from step 150 on 50·2 + 200·3
    assertEquals(900, ScheduleFit.secondsNeeded(plan, 0, SECONDS_PER_STEP));
    assertEquals(700, ScheduleFit.secondsNeeded(plan, 150, List.of(2.0, 3.0)));
  }

  @Test
  void scalesEveryStageByOneFactor() {
    // given: 900 s needed, 450 s left, so half of all steps
    ScheduleFit fit =
        ScheduleFit.toBudget(
            plan, 0, SECONDS_PER_STEP, Duration.ofSeconds(50), Duration.ofSeconds(500), 1);
    // when
    StagePlan fitted = fit.applyTo(plan);
    // then
    assertThat(fitted.stages()).extracting(Stage::lastStep).containsExactly(50L, 100L, 200L);
    assertThat(fitted.stages())
        .usingRecursiveComparison()
        .ignoringFields("firstStep", "lastStep", "learningRate")
        .isEqualTo(plan.stages());
    // and the learning rate at each step is that at twice the step: warm-up over 20
    for (long step = 0; step < 200; step++) {
      assertEquals(
          plan.at(2 * step).learningRate().at(2 * step),
          fitted.at(step).learningRate().at(step),
          1e-12);
    }
    assertEquals(8, fitted.at(20).learningRate().at(20), 1e-12);
  }

  @Test
  void fitsInTheMiddleOfAStage() {
    // given: 700 s needed from step 150 on, 350 left: 25 and 100 steps more
    ScheduleFit fit =
        ScheduleFit.toBudget(
            plan, 150, List.of(2.0, 3.0), Duration.ofSeconds(650), Duration.ofSeconds(1000), 1);
    StagePlan fitted = fit.applyTo(plan);
    // then
    assertEquals(new ScheduleFit(150, List.of(175L, 275L)), fit);
    assertThat(fitted.stages()).extracting(Stage::firstStep).containsExactly(0L, 100L, 175L);
    assertEquals(275, fitted.totalSteps());
    // and what was done stays, what follows is continuous
    for (long step = 0; step <= 150; step++) {
      assertEquals(rate(plan, step), rate(fitted, step), 1e-12);
    }
    assertEquals(rate(plan, 152), rate(fitted, 151), 1e-12);
    assertEquals(rate(plan, 200), rate(fitted, 175), 1e-12);
    assertEquals(rate(plan, 398), rate(fitted, 274), 1e-12);
  }

  @Test
  void fitsTheFittedPlanAgain() {
    StagePlan once = new ScheduleFit(0, List.of(50L, 100L, 200L)).applyTo(plan);
    StagePlan twice = new ScheduleFit(100, List.of(150L)).applyTo(once);
    assertEquals(150, twice.totalSteps());
    assertEquals(rate(plan, 160), rate(twice, 80), 1e-12);
    assertEquals(rate(plan, 240), rate(twice, 110), 1e-12);
  }

  @Test
  void neverAddsSteps() {
    ScheduleFit fit =
        ScheduleFit.toBudget(plan, 0, SECONDS_PER_STEP, Duration.ZERO, Duration.ofSeconds(901), 1);
    assertEquals(plan, fit.applyTo(plan));
  }

  @Test
  void leavesEveryStageAStepWhenTheTimeIsUp() {
    ScheduleFit fit =
        ScheduleFit.toBudget(
            plan, 150, List.of(2.0, 3.0), Duration.ofSeconds(10), Duration.ofSeconds(5), 1);
    assertEquals(List.of(151L, 152L), fit.lastSteps());
    assertEquals(152, fit.applyTo(plan).totalSteps());
  }

  @Test
  void refusesWhatIsNotOfThePlan() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScheduleFit.secondsNeeded(plan, 150, SECONDS_PER_STEP))
        .withMessage(
            "secondsPerStep needs one number for each of the 2 stages left at step 150, got 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScheduleFit.secondsNeeded(plan, 150, List.of(1.0, 0.0)))
        .withMessage("secondsPerStep must be above 0, got 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScheduleFit(150, List.of(160L)).applyTo(plan))
        .withMessage("the fit made at step 150 is for 1 stages, the plan has 2 left there");
  }

  private static double rate(StagePlan plan, long step) {
    return plan.at(step).learningRate().at(step);
  }

  @Test
  void givesBackStepsThatAnEarlierFitTook() {
    // given: halved at the start; at step 25 there are 25·1 + 50·2 + 100·3 = 425 s left of it
    StagePlan halved = new ScheduleFit(0, List.of(50L, 100L, 200L)).applyTo(plan);
    // when: there is time for one and a half times as much
    ScheduleFit fit =
        ScheduleFit.toBudget(
            halved, 25, SECONDS_PER_STEP, Duration.ZERO, Duration.ofMillis(637_500), 2);
    // then: 37 (of 37.5), 75 and 150 steps
    assertEquals(new ScheduleFit(25, List.of(62L, 137L, 287L)), fit);
    // and: never more than the factor allows
    ScheduleFit most =
        ScheduleFit.toBudget(
            halved, 25, SECONDS_PER_STEP, Duration.ZERO, Duration.ofSeconds(9000), 2);
    assertEquals(List.of(75L, 175L, 375L), most.lastSteps());
  }
}
