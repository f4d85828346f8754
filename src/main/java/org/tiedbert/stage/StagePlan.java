package org.tiedbert.stage;

import java.util.List;
import java.util.Optional;

/**
 * The stages of a run, in order and without gaps. Moments exist only for the parameters that a
 * stage trains: when a stage starts, they are those of the parameter's source where the stage
 * before trained it and the stage's growth copies moments, and zero otherwise. So moments of one
 * step may have started at different steps; {@link #momentsOrigin} says when.
 */
public record StagePlan(List<Stage> stages) {
  public StagePlan {
    stages = List.copyOf(stages);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a plan needs at least one stage");
    }
    long step = 0;
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      if (stage.index() != i || stage.firstStep() != step) {
        throw new IllegalArgumentException(
            "stage %d must have index %d and start at step %d, got index %d and step %d"
                .formatted(i, i, step, stage.index(), stage.firstStep()));
      }
      if ((stage.growth() instanceof Growth.FromScratch) != (i == 0)) {
        throw new IllegalArgumentException(
            "the first stage and no other starts from scratch, got %s at stage %d"
                .formatted(stage.growth(), i));
      }
      step = stage.lastStep();
    }
  }

  /** Steps of the whole run. */
  public long totalSteps() {
    return stages.get(stages.size() - 1).lastStep();
  }

  /** The stage that trains everything at full depth; empty where none does. */
  public Optional<Stage> trainingEverything() {
    int numLayers = stages.get(stages.size() - 1).numLayers();
    return stages.stream()
        .filter(stage -> stage.numLayers() == numLayers)
        .filter(stage -> stage.trainable().equals(new TrainableSet.Everything()))
        .findFirst();
  }

  /** The stage that a step belongs to, 0 ≤ step &lt; {@link #totalSteps}. */
  public Stage at(long step) {
    if (step == totalSteps()) {
      throw new IllegalArgumentException(
          "step %d belongs to no stage, the plan ends before it".formatted(step));
    }
    return remainingAt(step).get(0);
  }

  /** The stages with steps left once {@code step} steps are done; empty at the end of the run. */
  public List<Stage> remainingAt(long step) {
    if (step < 0 || step > totalSteps()) {
      throw new IllegalArgumentException(
          "step must lie in [0, %d], got %d".formatted(totalSteps(), step));
    }
    return stages.stream().filter(stage -> stage.lastStep() > step).toList();
  }

  /**
   * The parameter of the stage before whose moments this parameter's start as; empty for zeros.
   *
   * @throws IllegalArgumentException where the stage does not train the parameter
   */
  public Optional<String> momentsSource(int stageIndex, String parameterName) {
    Stage stage = stages.get(stageIndex);
    if (!stage.trainable().contains(parameterName)) {
      throw new IllegalArgumentException(
          "%s is frozen in stage %d (%s), it has no moments there"
              .formatted(parameterName, stageIndex, stage.name()));
    }
    return stage.growth().moments() == MomentPolicy.RESET
        ? Optional.empty()
        : stage
            .growth()
            .sourceOf(parameterName)
            .filter(stages.get(stageIndex - 1).trainable()::contains);
  }

  /**
   * The step of the run at which a parameter's moments started from zero. At step t they see their
   * update number t − origin + 1.
   *
   * @throws IllegalArgumentException where the stage does not train the parameter
   */
  public long momentsOrigin(int stageIndex, String parameterName) {
    return momentsSource(stageIndex, parameterName)
        .map(source -> momentsOrigin(stageIndex - 1, source))
        .orElseGet(() -> stages.get(stageIndex).firstStep());
  }
}
