package org.tiedbert.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tiedbert.stage.ScheduleFit;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StagePlan;

/**
 * A wall-clock budget. At the start of each stage a few steps are timed, the later stages' steps
 * are taken to cost in proportion to their operations, and what is left of the plan is fitted to
 * the time that is left; where the pace turns out otherwise, once more at a checkpoint. Between
 * fits the schedule is one of steps, and a checkpoint holds the fits, so it is continued exactly.
 *
 * @param configured the plan before any fit; there are never more steps than in it
 */
record Budget(Optional<Duration> maxDuration, StagePlan configured) {
  /** Share of the time left that evaluations, checkpoints and a noisy machine may take. */
  private static final double RESERVE = 0.04;

  /** A fit is made anew where the rest would take so much more or less than the time left. */
  private static final double TOLERANCE = 0.05;

  boolean isNone() {
    return maxDuration.isEmpty();
  }

  /**
   * @param secondsPerStep measured in the stage of that step
   * @param opening time that each later stage takes to build, compile and measure
   */
  ScheduleFit fit(
      StagePlan plan,
      long step,
      double secondsPerStep,
      StageCost cost,
      Duration elapsed,
      Duration opening) {
    Stage now = plan.at(step);
    double added = (double) configured.stages().get(now.index()).numSteps() / now.numSteps();
    return ScheduleFit.toBudget(
        plan,
        step,
        secondsPerStep(plan, step, secondsPerStep, cost),
        Duration.ZERO,
        usable(plan, step, elapsed, opening),
        Math.max(1, added));
  }

  /** Whether the rest of the plan, at this pace, misses the time left. */
  boolean isMissed(
      StagePlan plan,
      long step,
      double secondsPerStep,
      StageCost cost,
      Duration elapsed,
      Duration opening) {
    List<Double> seconds = secondsPerStep(plan, step, secondsPerStep, cost);
    double ratio =
        ScheduleFit.secondsNeeded(plan, step, seconds)
            / Math.max(1e-3, usable(plan, step, elapsed, opening).toMillis() / 1e3);
    return ratio > 1 + TOLERANCE
        || ratio < 1 - TOLERANCE && plan.totalSteps() < configured.totalSteps();
  }

  private Duration usable(StagePlan plan, long step, Duration elapsed, Duration opening) {
    int numLater = plan.remainingAt(step).size() - 1;
    Duration left = maxDuration.orElseThrow().minus(elapsed).minus(opening.multipliedBy(numLater));
    return Duration.ofMillis((long) (left.toMillis() * (1 - RESERVE)));
  }

  private static List<Double> secondsPerStep(
      StagePlan plan, long step, double secondsPerStep, StageCost cost) {
    Stage now = plan.at(step);
    return plan.remainingAt(step).stream()
        .map(stage -> secondsPerStep * cost.flopsPerSequence(stage) / cost.flopsPerSequence(now))
        .toList();
  }
}
