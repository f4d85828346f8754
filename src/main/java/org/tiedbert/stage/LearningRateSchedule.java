package org.tiedbert.stage;

import java.util.List;
import org.tiedbert.optim.LearningRate;

/**
 * The learning rate of a run: one warm-up and decay over all steps, or one for each stage.
 *
 * @param peak learning rate at the end of the warm-up
 * @param warmupSteps fewer than the steps that the scope spans
 * @param scope what warm-up and decay span
 * @param stagePeaks a peak for each stage in place of {@code peak}, or empty for the same
 *     throughout
 */
public record LearningRateSchedule(
    double peak, long warmupSteps, Decay decay, Scope scope, List<Double> stagePeaks) {

  /** What warm-up and decay span. */
  public enum Scope {
    RUN,
    STAGE
  }

  public LearningRateSchedule {
    stagePeaks = List.copyOf(stagePeaks);
    requirePeak(peak);
    stagePeaks.forEach(LearningRateSchedule::requirePeak);
    if (warmupSteps < 0) {
      throw new IllegalArgumentException(
          "warmupSteps must be at least 0, got %d".formatted(warmupSteps));
    }
  }

  /** The learning rate of a stage, at the steps of the run. */
  LearningRate of(int stageIndex, long firstStep, long lastStep, long totalSteps) {
    double stagePeak = stagePeaks.isEmpty() ? peak : stagePeaks.get(stageIndex);
    return switch (scope) {
      case RUN -> decay.over(stagePeak, warmupSteps, totalSteps);
      case STAGE ->
          new LearningRate.StartingAt(
              firstStep, decay.over(stagePeak, warmupSteps, lastStep - firstStep));
    };
  }

  /** Refuses a plan that the schedule does not fit, before any of it is built. */
  void requireFits(List<Long> stepsByStage) {
    if (!stagePeaks.isEmpty() && stagePeaks.size() != stepsByStage.size()) {
      throw new IllegalArgumentException(
          "stagePeaks needs one learning rate for each of the %d stages, or none, got %d"
              .formatted(stepsByStage.size(), stagePeaks.size()));
    }
    long span =
        switch (scope) {
          case RUN -> stepsByStage.stream().mapToLong(Long::longValue).sum();
          case STAGE -> stepsByStage.stream().mapToLong(Long::longValue).min().orElseThrow();
        };
    if (warmupSteps >= span) {
      throw new IllegalArgumentException(
          "warmupSteps must be fewer than the %d steps of the %s, got %d"
              .formatted(
                  span, scope == Scope.RUN ? "run" : "shortest stage (scope: STAGE)", warmupSteps));
    }
  }

  private static void requirePeak(double peak) {
    if (!(peak > 0) || Double.isInfinite(peak)) {
      throw new IllegalArgumentException(
          "a peak learning rate must be above 0, got %s".formatted(peak));
    }
  }
}
