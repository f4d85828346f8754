package org.tiedbert.stage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.optim.LearningRate;

/**
 * A plan's steps fitted to a wall-clock budget, decided once {@code step} steps are done. A run
 * keeps its fits and applies them again, in their order, when it is continued.
 *
 * @param step steps done when the fit was made
 * @param lastSteps new {@link Stage#lastStep} of each stage that has steps left at {@code step}
 */
public record ScheduleFit(long step, List<Long> lastSteps) {
  public ScheduleFit {
    lastSteps = List.copyOf(lastSteps);
  }

  /**
   * Multiplies what is left of each stage by one factor, so that all of it fills what is left of
   * the budget; every stage with steps left keeps at least one.
   *
   * @param step steps done, fewer than {@link StagePlan#totalSteps}
   * @param secondsPerStep for each stage with steps left
   * @param elapsed time of the budget that is used
   * @param maxFactor 1 where steps may only be taken away; more where an earlier fit took too many
   */
  public static ScheduleFit toBudget(
      StagePlan plan,
      long step,
      List<Double> secondsPerStep,
      Duration elapsed,
      Duration budget,
      double maxFactor) {
    double secondsLeft = seconds(budget.minus(elapsed));
    double factor =
        Math.min(maxFactor, Math.max(0, secondsLeft) / secondsNeeded(plan, step, secondsPerStep));
    List<Long> lastSteps = new ArrayList<>();
    long firstStep = step;
    for (Stage stage : plan.remainingAt(step)) {
      long numSteps = stage.lastStep() - Math.max(step, stage.firstStep());
      firstStep += Math.max(1, (long) Math.floor(numSteps * factor));
      lastSteps.add(firstStep);
    }
    return new ScheduleFit(step, lastSteps);
  }

  /** Seconds that the rest of a plan takes after {@code step} steps. */
  public static double secondsNeeded(StagePlan plan, long step, List<Double> secondsPerStep) {
    List<Stage> stages = plan.remainingAt(step);
    if (stages.isEmpty() || secondsPerStep.size() != stages.size()) {
      throw new IllegalArgumentException(
          "secondsPerStep needs one number for each of the %d stages left at step %d, got %d"
              .formatted(stages.size(), step, secondsPerStep.size()));
    }
    double needed = 0;
    for (int i = 0; i < stages.size(); i++) {
      double seconds = secondsPerStep.get(i);
      if (!(seconds > 0) || Double.isInfinite(seconds)) {
        throw new IllegalArgumentException(
            "secondsPerStep must be above 0, got %s".formatted(seconds));
      }
      needed += seconds * (stages.get(i).lastStep() - Math.max(step, stages.get(i).firstStep()));
    }
    return needed;
  }

  /**
   * The fitted plan. Steps already done stay as they were; what is left of each stage runs through
   * the same learning rates, warm-up included, in as many steps as it now has.
   */
  public StagePlan applyTo(StagePlan plan) {
    List<Stage> remaining = plan.remainingAt(step);
    if (remaining.size() != lastSteps.size()) {
      throw new IllegalArgumentException(
          "the fit made at step %d is for %d stages, the plan has %d left there"
              .formatted(step, lastSteps.size(), remaining.size()));
    }
    List<Stage> stages =
        new ArrayList<>(plan.stages().subList(0, plan.stages().size() - remaining.size()));
    for (int i = 0; i < remaining.size(); i++) {
      Stage stage = remaining.get(i);
      long firstStep = i == 0 ? stage.firstStep() : lastSteps.get(i - 1);
      stages.add(refitted(stage, firstStep, lastSteps.get(i)));
    }
    return new StagePlan(stages);
  }

  private Stage refitted(Stage stage, long firstStep, long lastStep) {
    if (firstStep == stage.firstStep() && lastStep == stage.lastStep()) {
      return stage;
    }
    LearningRate learningRate =
        new LearningRate.Resampled(
            stage.learningRate(),
            Math.max(step, firstStep),
            lastStep,
            Math.max(step, stage.firstStep()),
            stage.lastStep());
    return new Stage(
        stage.index(),
        stage.name(),
        stage.numLayers(),
        stage.trainable(),
        stage.growth(),
        firstStep,
        lastStep,
        learningRate);
  }

  private static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }
}
