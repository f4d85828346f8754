package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tiedbert.batch.Batch;
import org.tiedbert.stage.Stage;

/** Says what was not finite, while the gradients of the step still stand. */
final class Divergence {
  private static final int MAX_NAMED = 8;

  private Divergence() {}

  static DivergenceException at(
      Stage stage, long step, Batch batch, StepMetrics metrics, StageSession session) {
    List<String> parameters = new ArrayList<>();
    session
        .gradients()
        .forEach(
            (name, gradient) -> {
              for (float value : gradient) {
                if (!Float.isFinite(value)) {
                  parameters.add(name);
                  return;
                }
              }
            });
    return new DivergenceException(
        ("step %d of stage %d (%s) gave a loss of %s and a gradient norm of %s; nothing was updated"
                + " with it. Parameters whose gradient is not finite: %s. Records of the batch: %s."
                + " The last checkpoint stands; try a lower learningRate.peak, a longer"
                + " warmupSteps, or precision float32")
            .formatted(
                step + 1,
                stage.index() + 1,
                stage.name(),
                metrics.total(),
                metrics.gradientNorm(),
                shortened(parameters),
                Arrays.toString(batch.records())));
  }

  private static String shortened(List<String> names) {
    if (names.isEmpty()) {
      return "none, only their norm";
    }
    String some = String.join(", ", names.subList(0, Math.min(MAX_NAMED, names.size())));
    return names.size() <= MAX_NAMED
        ? some
        : "%s and %d more".formatted(some, names.size() - MAX_NAMED);
  }
}
