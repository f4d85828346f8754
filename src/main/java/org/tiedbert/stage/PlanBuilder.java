package org.tiedbert.stage;

import java.util.ArrayList;
import java.util.List;

/** Lines stages up one after the other; the growth of each follows from the depth before it. */
final class PlanBuilder {
  private final List<Long> steps;
  private final MomentPolicy moments;
  private final LearningRateSchedule learningRate;
  private final long totalSteps;
  private final List<Stage> stages = new ArrayList<>();

  /**
   * @param steps of each stage to come
   */
  PlanBuilder(List<Long> steps, MomentPolicy moments, LearningRateSchedule learningRate) {
    learningRate.requireFits(steps);
    this.steps = steps;
    this.moments = moments;
    this.learningRate = learningRate;
    this.totalSteps = steps.stream().mapToLong(Long::longValue).sum();
  }

  PlanBuilder stage(String name, int numLayers, TrainableSet trainable) {
    int index = stages.size();
    long firstStep = index == 0 ? 0 : stages.get(index - 1).lastStep();
    long lastStep = firstStep + steps.get(index);
    stages.add(
        new Stage(
            index,
            name,
            numLayers,
            trainable,
            growthTo(numLayers),
            firstStep,
            lastStep,
            learningRate.of(index, firstStep, lastStep, totalSteps)));
    return this;
  }

  private Growth growthTo(int numLayers) {
    if (stages.isEmpty()) {
      return new Growth.FromScratch();
    }
    int before = stages.get(stages.size() - 1).numLayers();
    return new Growth.FromStageBefore(before, numLayers - before, moments);
  }

  StagePlan build() {
    return new StagePlan(stages);
  }
}
