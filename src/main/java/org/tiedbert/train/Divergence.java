package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.tiedbert.checkpoint.LossTrend;
import org.tiedbert.stage.Stage;

/**
 * An update that must not be done.
 *
 * @param step its number, counted from 1
 * @param reason what its loss or gradients were
 * @param records of its batch
 */
record Divergence(long step, String reason, long[] records) {
  private static final int MAX_NAMED = 8;

  /**
   * What speaks against an update, if anything does: then {@link StageSession#step} has not done
   * it.
   *
   * @param step updates done before
   * @param records of the batch
   * @param losses of the stage so far
   * @param gradients of the batch, by parameter; computed if asked for
   */
  static Optional<Divergence> of(
      Stage stage,
      long step,
      long[] records,
      StepMetrics metrics,
      LossTrend losses,
      double maxLossRatio,
      Supplier<Map<String, float[]>> gradients) {
    if (!metrics.isFinite()) {
      String came =
          "a loss of %s and a gradient norm of %s; parameters whose gradient is not finite: %s"
              .formatted(metrics.total(), metrics.gradientNorm(), parameters(gradients.get()));
      return Optional.of(of(stage, step, records, came));
    }
    if (!metrics.isWithin(losses.limit(maxLossRatio))) {
      String came =
          "a loss of %.4g, more than %s times the mean of the losses before, %.4g"
              .formatted(metrics.total(), maxLossRatio, losses.mean());
      return Optional.of(of(stage, step, records, came));
    }
    return Optional.empty();
  }

  private static Divergence of(Stage stage, long step, long[] records, String came) {
    String reason =
        "step %d of stage %d (%s) gave %s"
            .formatted(step + 1, stage.index() + 1, stage.name(), came);
    return new Divergence(step + 1, reason, records);
  }

  private static String parameters(Map<String, float[]> gradients) {
    List<String> names = new ArrayList<>();
    gradients.forEach(
        (name, gradient) -> {
          for (float value : gradient) {
            if (!Float.isFinite(value)) {
              names.add(name);
              return;
            }
          }
        });
    if (names.isEmpty()) {
      return "none, only their norm";
    }
    String some = String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())));
    return names.size() <= MAX_NAMED
        ? some
        : "%s and %d more".formatted(some, names.size() - MAX_NAMED);
  }

  /**
   * The end of a run that may not go back again.
   *
   * @param numRecoveries how often it did
   */
  DivergenceException exception(int numRecoveries) {
    String before =
        switch (numRecoveries) {
          case 0 -> "";
          case 1 -> " The run went back once before.";
          default -> " The run went back %d times before.".formatted(numRecoveries);
        };
    return new DivergenceException(
        ("%s. Nothing was updated with it. Records of the batch: %s.%s The last checkpoint stands;"
                + " begin again with a lower learningRate.peak, a longer warmupSteps, or precision"
                + " float32")
            .formatted(reason, Arrays.toString(records), before));
  }
}
