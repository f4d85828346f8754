package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.stage.ScheduleFit;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;

/**
 * Where a run stands besides its variables; the contents of {@code state.json}.
 *
 * <p>At the end of a stage, {@code step == stageLastSteps.get(stage)}: the variables are still
 * those of that stage, and whoever continues grows the next one from them.
 *
 * @param step completed updates since the run began
 * @param stage the stage whose variables these are, counted from 0
 * @param nextSequence place, in the run's order of training sequences, of the next one to be read
 * @param elapsedSeconds time spent in training up to here, over all the processes of the run
 * @param seed the seed that noise, dropout, initial values and the order of the data derive from
 * @param stageLastSteps for each stage, the completed updates at its end; a wall-clock budget may
 *     have moved them from where the configuration put them
 * @param fits the shortenings of the plan to that budget, in the order they were made
 * @param losses the trend of the stage's losses
 * @param recoveries how many of the run's {@link Recoveries} it had behind it
 */
public record TrainingState(
    @JsonProperty(required = true) long step,
    @JsonProperty(required = true) int stage,
    @JsonProperty(required = true) long nextSequence,
    @JsonProperty(required = true) double elapsedSeconds,
    @JsonProperty(required = true) long seed,
    @JsonProperty(required = true) List<Long> stageLastSteps,
    @JsonProperty(required = true) List<ScheduleFit> fits,
    @JsonProperty(required = true) LossTrend losses,
    @JsonProperty(required = true) int recoveries) {

  public TrainingState {
    fits = List.copyOf(fits);
    stageLastSteps = List.copyOf(stageLastSteps);
    if (step < 0 || nextSequence < 0 || !(elapsedSeconds >= 0)) {
      throw new IllegalArgumentException(
          "step, nextSequence and elapsedSeconds must not be negative, got %d, %d and %s"
              .formatted(step, nextSequence, elapsedSeconds));
    }
    if (stage < 0 || stage >= stageLastSteps.size()) {
      throw new IllegalArgumentException(
          "stage must be one of the %d stages, counted from 0, got %d"
              .formatted(stageLastSteps.size(), stage));
    }
    for (int i = 1; i < stageLastSteps.size(); i++) {
      if (stageLastSteps.get(i) < stageLastSteps.get(i - 1)) {
        throw new IllegalArgumentException(
            "a stage must not end before the one below it, got " + stageLastSteps);
      }
    }
    long firstStep = firstStep(stage, stageLastSteps);
    if (step < firstStep || step > stageLastSteps.get(stage)) {
      throw new IllegalArgumentException(
          "step must lie in stage %d, from %d to %d, got %d"
              .formatted(stage, firstStep, stageLastSteps.get(stage), step));
    }
  }

  /** Nothing done yet. */
  public static TrainingState start(long seed, StagePlan plan) {
    return start(seed, lastSteps(plan));
  }

  /** Nothing done yet of stages that end at the given numbers of updates. */
  public static TrainingState start(long seed, List<Long> stageLastSteps) {
    return new TrainingState(0, 0, 0, 0, seed, stageLastSteps, List.of(), LossTrend.NONE, 0);
  }

  /** The trend of the losses of one stage, as far as it has come. */
  public LossTrend lossesOf(int stageOfStep) {
    return stageOfStep == stage ? losses : LossTrend.NONE;
  }

  /**
   * The state after one more update.
   *
   * @param loss of that update
   */
  public TrainingState afterStep(
      int stageOfStep, long sequenceBehindIt, double elapsed, double loss) {
    return new TrainingState(
        step + 1,
        stageOfStep,
        sequenceBehindIt,
        elapsed,
        seed,
        stageLastSteps,
        fits,
        lossesOf(stageOfStep).with(loss),
        recoveries);
  }

  /** The state of a run that went back so many times in all. */
  public TrainingState withRecoveries(int all) {
    return new TrainingState(
        step, stage, nextSequence, elapsedSeconds, seed, stageLastSteps, fits, losses, all);
  }

  /** Whether this is the end of its stage. */
  public boolean endsStage() {
    return step == stageLastSteps.get(stage);
  }

  /** The state with the plan shortened once more. */
  public TrainingState withFit(ScheduleFit fit, StagePlan plan) {
    List<ScheduleFit> all = new ArrayList<>(fits);
    all.add(fit);
    return new TrainingState(
        step,
        stage,
        nextSequence,
        elapsedSeconds,
        seed,
        lastSteps(fit.applyTo(plan)),
        all,
        losses,
        recoveries);
  }

  /** The plan in force: the configured one, shortened as it was. */
  public StagePlan planFrom(StagePlan configured) {
    StagePlan plan = configured;
    for (ScheduleFit fit : fits) {
      plan = fit.applyTo(plan);
    }
    return plan;
  }

  private static List<Long> lastSteps(StagePlan plan) {
    return plan.stages().stream().map(Stage::lastStep).toList();
  }

  /** Completed updates when this stage began. */
  public long stageFirstStep() {
    return firstStep(stage, stageLastSteps);
  }

  private static long firstStep(int stage, List<Long> lastSteps) {
    return stage == 0 ? 0 : lastSteps.get(stage - 1);
  }
}
