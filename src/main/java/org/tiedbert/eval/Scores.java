package org.tiedbert.eval;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tiedbert.eval.Metric.Value;

/**
 * How good predictions on one data set are.
 *
 * @param dataSet its name
 * @param values each metric's, by name, in the task's order
 */
public record Scores(String dataSet, Map<String, Value> values) {
  public Scores {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * Measures all metrics.
   *
   * @param predictions as {@link TaskOutput#prediction} gives them
   */
  public static Scores of(
      String dataSet, List<Metric> metrics, double[] predictions, double[] targets) {
    Map<String, Value> values = new LinkedHashMap<>();
    metrics.forEach(metric -> values.put(metric.name(), metric.of(predictions, targets)));
    return new Scores(dataSet, values);
  }

  /** The mean of the metrics, as GLUE takes it; empty where one of them is undefined. */
  public OptionalDouble score() {
    return values.values().stream().allMatch(Value.Defined.class::isInstance)
        ? values.values().stream().mapToDouble(value -> ((Value.Defined) value).value()).average()
        : OptionalDouble.empty();
  }

  /** Why there is no score, such as {@code pearson: all predictions are the same}. */
  public Optional<String> whyNoScore() {
    return values.entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Value.Undefined)
        .map(entry -> entry.getKey() + ": " + ((Value.Undefined) entry.getValue()).reason())
        .reduce((first, second) -> first + "; " + second);
  }

  /** The mean over data sets, as over MNLI's two; empty where one has no score. */
  public static OptionalDouble mean(List<Scores> all) {
    return all.stream().allMatch(scores -> scores.score().isPresent())
        ? all.stream().mapToDouble(scores -> scores.score().getAsDouble()).average()
        : OptionalDouble.empty();
  }
}
