package org.tiedbert.stage;

import org.tiedbert.optim.LearningRate;

/**
 * A run of steps with one depth and one trainable set, so one graph.
 *
 * @param index place in the plan, from 0
 * @param name for people, such as {@code layers 3-5}
 * @param numLayers depth of the encoder in this stage
 * @param trainable which parameters train
 * @param growth what parameters and moments start from
 * @param firstStep first step of the run that belongs to this stage, counted from 0
 * @param lastStep the step after the stage's last
 * @param learningRate at the steps of the run, not of the stage
 */
public record Stage(
    int index,
    String name,
    int numLayers,
    TrainableSet trainable,
    Growth growth,
    long firstStep,
    long lastStep,
    LearningRate learningRate) {

  public Stage {
    if (numLayers < 1) {
      throw new IllegalArgumentException(
          "numLayers must be at least 1, got %d".formatted(numLayers));
    }
    if (firstStep < 0 || lastStep <= firstStep) {
      throw new IllegalArgumentException(
          "a stage needs 0 <= firstStep < lastStep, got %d and %d".formatted(firstStep, lastStep));
    }
  }

  public long numSteps() {
    return lastStep - firstStep;
  }
}
