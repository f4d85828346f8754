package org.tiedbert.stage;

import java.util.ArrayList;
import java.util.List;
import org.tiedbert.stage.TrainableSet.Everything;
import org.tiedbert.stage.TrainableSet.NewLayersAndOutput;

/** How an encoder comes to its depth: the settings from which a plan is made. */
public sealed interface StageMethod {

  /**
   * @param numHiddenLayers depth at the end
   * @throws IllegalArgumentException where depth, steps and learning rate do not fit together
   */
  StagePlan build(int numHiddenLayers, LearningRateSchedule learningRate);

  /** Everything from the start: one stage. */
  record Plain(long steps) implements StageMethod {
    public Plain {
      requireSteps("steps", steps);
    }

    @Override
    public StagePlan build(int numHiddenLayers, LearningRateSchedule learningRate) {
      PlanBuilder plan = new PlanBuilder(List.of(steps), MomentPolicy.RESET, learningRate);
      return plan.stage("everything", numHiddenLayers, new Everything()).build();
    }
  }

  /**
   * Multi-stage layerwise training (Yang et al. 2020, Progressively Stacking 2.0). With k entries
   * of {@code steps}, stage 1 trains N/k layers with the embeddings; each later stage adds N/k
   * layers, copies of the top N/k before, and trains those and the output layer; a last stage
   * trains everything.
   *
   * @param steps steps of each of the k stages; k divides the depth
   * @param retrainSteps steps of the last stage; 0 for none
   */
  record Mslt(List<Long> steps, long retrainSteps, MomentPolicy moments) implements StageMethod {
    public Mslt {
      steps = requireStages(steps);
      if (retrainSteps < 0) {
        throw new IllegalArgumentException(
            "retrainSteps must be at least 0, got %d".formatted(retrainSteps));
      }
    }

    @Override
    public StagePlan build(int numHiddenLayers, LearningRateSchedule learningRate) {
      int k = steps.size();
      if (numHiddenLayers < 1 || numHiddenLayers % k != 0) {
        throw new IllegalArgumentException(
            "the number of stages (entries of steps) must divide numHiddenLayers, got %d and %d"
                .formatted(k, numHiddenLayers));
      }
      List<Long> all = new ArrayList<>(steps);
      if (retrainSteps > 0) {
        all.add(retrainSteps);
      }
      PlanBuilder plan = new PlanBuilder(all, moments, learningRate);
      int added = numHiddenLayers / k;
      plan.stage(layers(0, added), added, new Everything());
      for (int depth = 2 * added; depth <= numHiddenLayers; depth += added) {
        int firstNew = depth - added;
        plan.stage(layers(firstNew, depth), depth, new NewLayersAndOutput(firstNew));
      }
      if (retrainSteps > 0) {
        plan.stage("retrain", numHiddenLayers, new Everything());
      }
      return plan.build();
    }
  }

  /**
   * Progressive stacking (Gong et al. 2019): the depth doubles from stage to stage, the upper half
   * a copy of the lower, and everything trains throughout.
   *
   * @param steps steps of each of the k stages; 2^(k − 1) divides the depth
   */
  record Stacking(List<Long> steps, MomentPolicy moments) implements StageMethod {
    public Stacking {
      steps = requireStages(steps);
    }

    @Override
    public StagePlan build(int numHiddenLayers, LearningRateSchedule learningRate) {
      int doublings = steps.size() - 1;
      if (numHiddenLayers < 1 || doublings > 30 || numHiddenLayers % (1 << doublings) != 0) {
        throw new IllegalArgumentException(
            "numHiddenLayers must come of doubling a depth %d times (%d entries of steps), got %d"
                .formatted(doublings, steps.size(), numHiddenLayers));
      }
      PlanBuilder plan = new PlanBuilder(steps, moments, learningRate);
      for (int halvings = doublings; halvings >= 0; halvings--) {
        int depth = numHiddenLayers >> halvings;
        plan.stage(depth + " layers", depth, new Everything());
      }
      return plan.build();
    }
  }

  private static String layers(int from, int to) {
    return to - from == 1 ? "layer " + from : "layers %d-%d".formatted(from, to - 1);
  }

  private static List<Long> requireStages(List<Long> steps) {
    if (steps.isEmpty()) {
      throw new IllegalArgumentException(
          "steps needs one number of steps for each stage, at least one, got none");
    }
    steps.forEach(number -> requireSteps("every entry of steps", number));
    return List.copyOf(steps);
  }

  private static void requireSteps(String name, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("%s must be at least 1, got %d".formatted(name, steps));
    }
  }
}
