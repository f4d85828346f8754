package org.tiedbert.train;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StagePlan;

/** How fast the last few steps of a stage went, and what is left of the run at that pace. */
final class Pace {
  private static final int NUM_STEPS = 20;

  private final StageCost cost;
  private final Stage stage;
  private final int batchSize;
  private final Deque<Double> seconds = new ArrayDeque<>();

  Pace(StageCost cost, Stage stage, int batchSize) {
    this.cost = cost;
    this.stage = stage;
    this.batchSize = batchSize;
  }

  void step(double secondsOfStep) {
    seconds.addLast(secondsOfStep);
    if (seconds.size() > NUM_STEPS) {
      seconds.removeFirst();
    }
  }

  double secondsPerStep() {
    return seconds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  double sequencesPerSecond() {
    return batchSize / secondsPerStep();
  }

  double flopsPerSecond() {
    return cost.flopsPerSequence(stage) * sequencesPerSecond();
  }

  /** Time that the rest of the plan takes, other stages by their operations compared with this. */
  Duration remaining(StagePlan plan, long step) {
    double total = 0;
    for (Stage other : plan.remainingAt(step)) {
      long numSteps = other.lastStep() - Math.max(step, other.firstStep());
      total += numSteps * secondsPerStep() * relativeCost(other);
    }
    return Duration.ofMillis((long) (total * 1000));
  }

  /** A stage's operations per step over those of this one. */
  double relativeCost(Stage other) {
    return (double) cost.flopsPerSequence(other) / cost.flopsPerSequence(stage);
  }
}
