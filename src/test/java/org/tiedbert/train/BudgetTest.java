package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.stage.Decay;
import org.tiedbert.stage.LearningRateSchedule;
import org.tiedbert.stage.LearningRateSchedule.Scope;
import org.tiedbert.stage.MomentPolicy;
import org.tiedbert.stage.ScheduleFit;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StageMethod;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.train.PreTraining.Outcome;

class BudgetTest {
  /**
   * A step of the stages 2 and 3 takes 1.28013 and 1.92024 times that of stage 1; PlanTableTest.
   */
  private static final StageCost COST = new StageCost(16, 32, 2, 58, 16, 3, 2);

  private static final Budget BUDGET = new Budget(Optional.of(Duration.ofSeconds(200)), plan());

  @TempDir Path folder;

  @Test
  void shortensAllStagesByOneFactor() {
    // given: 100·1 + 100·1.28013 + 50·1.92024 = 324.03 s to go
    StagePlan plan = plan();
    // when: 200 − 20 − 2·10 = 160 s, less 4% 153.6, so 0.474036 of the steps: 47.4, 47.4, 23.7
    ScheduleFit fit = BUDGET.fit(plan, 0, 1, COST, Duration.ofSeconds(20), Duration.ofSeconds(10));
    // then
    assertThat(fit).isEqualTo(new ScheduleFit(0, List.of(47L, 94L, 117L)));
  }

  @Test
  void shortensAgainWhereAStageTurnsOutSlower() {
    // given: 47·1.5 + 23·1.5·1.50003 = 122.25 s to go
    StagePlan plan = new ScheduleFit(0, List.of(47L, 94L, 117L)).applyTo(plan());
    // when: 200 − 90 − 10 = 100 s, less 4% 96, so 0.785 of the steps: 36.9, 18.1
    ScheduleFit fit =
        BUDGET.fit(plan, 47, 1.5, COST, Duration.ofSeconds(90), Duration.ofSeconds(10));
    // then
    assertThat(fit).isEqualTo(new ScheduleFit(47, List.of(83L, 101L)));
  }

  @Test
  void givesStepsBackWhereAStageTurnsOutFaster() {
    // given: 47·0.75 + 23·0.75·1.50003 = 61.13 s to go
    StagePlan plan = new ScheduleFit(0, List.of(47L, 94L, 117L)).applyTo(plan());
    // when: 96 s as above, so 1.5706 times the steps: 73.8, 36.1
    ScheduleFit fit =
        BUDGET.fit(plan, 47, 0.75, COST, Duration.ofSeconds(90), Duration.ofSeconds(10));
    // then
    assertThat(fit).isEqualTo(new ScheduleFit(47, List.of(120L, 156L)));
  }

  @Test
  void neverTakesMoreStepsThanThePlanHas() {
    ScheduleFit fit = BUDGET.fit(plan(), 0, 0.01, COST, Duration.ZERO, Duration.ZERO);
    assertThat(fit.lastSteps()).containsExactly(100L, 200L, 250L);
  }

  @Test
  void isMissedWhereThePaceIsMoreThanATwentiethOff() {
    // given: as above, 96 s for 47 steps and 23 that take 1.50003 times as long
    StagePlan plan = new ScheduleFit(0, List.of(47L, 94L, 117L)).applyTo(plan());
    // then: 122.3, 97.8 and 61.1 s
    assertThat(isMissed(plan, 1.5)).isTrue();
    assertThat(isMissed(plan, 1.2)).isFalse();
    assertThat(isMissed(plan, 0.75)).isTrue();
    // then: a whole plan cannot be too fast
    assertThat(isMissed(plan(), 0.01)).isFalse();
  }

  private static boolean isMissed(StagePlan plan, double secondsPerStep) {
    return BUDGET.isMissed(
        plan, 47, secondsPerStep, COST, Duration.ofSeconds(90), Duration.ofSeconds(10));
  }

  @Test
  void everyStageKeepsAStepWhereTheTimeIsUp() {
    ScheduleFit fit = BUDGET.fit(plan(), 0, 1, COST, Duration.ofSeconds(250), Duration.ZERO);
    assertThat(fit.lastSteps()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void isMissedWhereTheRestTakesATwentiethMoreOrLess() {
    // given: from step 20 on 27·1 + 47·1.28013 + 23·1.92024 = 131.33 s to go
    StagePlan plan = new ScheduleFit(0, List.of(47L, 94L, 117L)).applyTo(plan());
    // when, then: 4% less than 200 − elapsed are 132.48, 120.96 and 153.6 s
    assertThat(isMissed(plan, 62)).isFalse();
    assertThat(isMissed(plan, 74)).isTrue();
    assertThat(isMissed(plan, 40)).isTrue();
    // and: with all its steps, a plan that takes less time than there is misses nothing
    assertThat(BUDGET.isMissed(plan(), 0, 0.1, COST, Duration.ZERO, Duration.ZERO)).isFalse();
  }

  private static boolean isMissed(StagePlan plan, long elapsedSeconds) {
    return BUDGET.isMissed(plan, 20, 1, COST, Duration.ofSeconds(elapsedSeconds), Duration.ZERO);
  }

  @Test
  void givesBackWhatAnEarlierFitTookTooMuch() {
    // given: from step 20 on 131.33 s to go, and 153.6 s for them
    StagePlan plan = new ScheduleFit(0, List.of(47L, 94L, 117L)).applyTo(plan());
    // when: 1.16957 times the steps: 31.6, 55.0, 26.9
    ScheduleFit fit = BUDGET.fit(plan, 20, 1, COST, Duration.ofSeconds(40), Duration.ZERO);
    // then
    assertThat(fit).isEqualTo(new ScheduleFit(20, List.of(51L, 105L, 131L)));
  }

  private static StagePlan plan() {
    return new StageMethod.Mslt(List.of(100L, 100L), 50, MomentPolicy.COPY)
        .build(2, new LearningRateSchedule(1e-3, 10, new Decay.Linear(), Scope.RUN, List.of()));
  }

  @Test
  void aRunEndsInItsTimeAndKeepsItsFitWhenStopped() {
    // given: a plan of weeks; every stage's graph takes a second or two, so that few are left
    PreTrainingConfig config =
        PreTrainingSetup.config(
            PreTrainingSetup.shards(folder.resolve("shards")),
            "model.hiddenDropoutProb=0",
            "stages={kind: mslt, steps: [90_000_000, 90_000_000], retrainSteps: 0, moments: copy}",
            "learningRate.warmupSteps=900_000",
            "evaluation={everySteps: 90_000_000, maxSequences: 1}",
            "checkpoint.everySteps=90_000_000",
            "maxDuration=PT8S");
    Path run = folder.resolve("run");
    long start = System.nanoTime();
    // when
    PreTraining[] training = new PreTraining[1];
    training[0] =
        PreTrainingSetup.run(config, run, PreTrainingSetup.afterStep(step -> training[0].stop()));
    Outcome first = training[0].run();
    TrainingState stopped = PreTrainingSetup.latest(run).state();
    double[] learningRate = new double[1];
    Outcome second =
        PreTrainingSetup.run(
                config,
                run,
                new PreTrainingSetup.Listener() {
                  @Override
                  public void step(StepReport step) {
                    learningRate[0] = step.learningRate();
                  }
                })
            .run();
    double seconds = (System.nanoTime() - start) / 1e9;
    // then
    assertThat(first).isEqualTo(Outcome.STOPPED);
    assertThat(second).isEqualTo(Outcome.FINISHED);
    TrainingState finished = PreTrainingSetup.latest(run).state();
    assertThat(stopped.fits()).hasSize(1);
    assertThat(finished.fits()).hasSize(2).startsWith(stopped.fits().get(0));
    assertThat(finished.stageLastSteps().get(0)).isEqualTo(stopped.stageLastSteps().get(0));
    assertThat(finished.step()).isGreaterThanOrEqualTo(2).isLessThan(100_000);
    assertThat(finished.elapsedSeconds()).isGreaterThan(stopped.elapsedSeconds());
    // then: a busy machine may take its time for the graphs, which a budget cannot shorten
    assertThat(seconds).isLessThan(40);
    // then: the whole schedule was passed through, its last steps at the end of the decay
    long stepsOfLastStage = finished.step() - finished.stageLastSteps().get(0);
    assertThat(learningRate[0]).isLessThanOrEqualTo(0.51 * 1e-2 / stepsOfLastStage);
  }
}
