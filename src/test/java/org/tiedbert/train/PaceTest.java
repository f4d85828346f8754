package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tiedbert.stage.Decay;
import org.tiedbert.stage.LearningRateSchedule;
import org.tiedbert.stage.LearningRateSchedule.Scope;
import org.tiedbert.stage.MomentPolicy;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StageMethod;
import org.tiedbert.stage.StagePlan;

class PaceTest {
  private static final StageCost COST = new StageCost(16, 32, 2, 58, 16, 3, 2);
  private static final StagePlan PLAN =
      new StageMethod.Mslt(List.of(100L, 100L), 50, MomentPolicy.COPY)
          .build(2, new LearningRateSchedule(1e-3, 10, new Decay.Linear(), Scope.RUN, List.of()));

  private final Pace pace = new Pace(COST, PLAN.stages().get(0), 8);

  @Test
  void takesTheMeanOfTheStepsSoFar() {
    // given
    pace.step(0.5);
    pace.step(1);
    pace.step(1.5);
    // then: 534,144 operations a sequence; 90·1 + 100·683,776/534,144 + 50·1,025,664/534,144 s
    assertThat(pace.sequencesPerSecond()).isEqualTo(8);
    assertThat(pace.flopsPerSecond()).isEqualTo(8 * 534_144.0);
    assertThat(pace.remaining(PLAN, 10).toMillis() / 1e3).isCloseTo(314.023, within(0.002));
  }

  @Test
  void forgetsAllButTheLastTwenty() {
    // given
    pace.step(1000);
    for (int step = 0; step < 20; step++) {
      pace.step(2);
    }
    // then
    assertThat(pace.secondsPerStep()).isEqualTo(2);
  }
}
