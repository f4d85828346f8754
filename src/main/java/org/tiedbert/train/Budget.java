package org.tiedbert.train;

import java.time.Duration;
import java.util.Optional;
import org.tiedbert.stage.ScheduleFit;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StagePlan;

/**
 * A wall-clock budget. At the start of each stage a few steps are timed, the later stages' steps
 * are taken to cost in proportion to their operations, and what is left of the plan is shortened to
 * the time that is left. From there the schedule is one of steps again, so what a checkpoint holds
 * is continued exactly.
 */
record Budget(Optional<Duration> maxDuration) {
  /** Share of the time left that evaluations, checkpoints and a noisy machine may take. */
  private static final double RESERVE = 0.04;

  boolean isNone() {
    return maxDuration.isEmpty();
  }

  /**
   * @param secondsPerStep measured in the stage that begins
   * @param opening time it took to build, compile and measure it; the later stages take it too
   */
  ScheduleFit fit(
      StagePlan plan,
      long step,
      double secondsPerStep,
      StageCost cost,
      Duration elapsed,
      Duration opening) {
    Stage now = plan.at(step);
    int numLater = plan.remainingAt(step).size() - 1;
    Duration left = maxDuration.orElseThrow().minus(elapsed).minus(opening.multipliedBy(numLater));
    Duration usable = Duration.ofMillis((long) (left.toMillis() * (1 - RESERVE)));
    return ScheduleFit.toBudget(
        plan,
        step,
        plan.remainingAt(step).stream()
            .map(
                stage -> secondsPerStep * cost.flopsPerSequence(stage) / cost.flopsPerSequence(now))
            .toList(),
        Duration.ZERO,
        usable);
  }
}
