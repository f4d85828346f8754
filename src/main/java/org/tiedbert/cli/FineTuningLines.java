package org.tiedbert.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tiedbert.eval.FineTuningProgress;
import org.tiedbert.eval.Metric.Value;
import org.tiedbert.eval.Scores;

/** A fine-tuning run on standard error: a bar or lines for its steps, a line for each score. */
final class FineTuningLines implements FineTuningProgress, AutoCloseable {
  private final PrintWriter err;
  private WorkProgress bar;

  FineTuningLines(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void note(String line) {
    close();
    err.println(line);
  }

  @Override
  public void step(long steps, long totalSteps, double loss) {
    if (bar == null) {
      bar = WorkProgress.start(err, "Fine-tuning", WorkProgress.Unit.STEP, totalSteps);
    }
    bar.at(steps, ", loss %.4f".formatted(loss));
  }

  @Override
  public void scored(long steps, List<Scores> scores, boolean best) {
    for (Scores set : scores) {
      note(
          "step %,d  %s: %s%s"
              .formatted(
                  steps,
                  set.dataSet(),
                  set.values().entrySet().stream()
                      .map(FineTuningLines::inWords)
                      .collect(Collectors.joining(", ")),
                  best ? "  (best so far)" : ""));
    }
  }

  private static String inWords(Map.Entry<String, Value> metric) {
    return metric.getValue() instanceof Value.Defined defined
        ? "%s %.1f".formatted(metric.getKey(), 100 * defined.value())
        : "%s none, since %s"
            .formatted(metric.getKey(), ((Value.Undefined) metric.getValue()).reason());
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
