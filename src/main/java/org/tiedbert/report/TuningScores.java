package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The evaluations of a fine-tuning run on its dev sets.
 *
 * @param lines of kind {@code eval}; each is about one dev set
 */
record TuningScores(List<JsonNode> lines) {
  static final String SCORE = "score";
  private static final String DATA_SET = "dataSet";
  private static final Set<String> NO_METRICS = Set.of("kind", "step", DATA_SET, SCORE, "time");

  /** The dev sets in the order in which they are scored. */
  Set<String> dataSets() {
    Set<String> names = new LinkedHashSet<>();
    lines.forEach(line -> names.add(dataSet(line)));
    return names;
  }

  static String dataSet(JsonNode line) {
    return line.path(DATA_SET).asText("dev");
  }

  /** The step with the highest mean of all dev sets' scores; the first one of several. */
  Optional<Long> bestStep() {
    Map<Long, Double> sums = new LinkedHashMap<>();
    Map<Long, Integer> numbers = new LinkedHashMap<>();
    lines.stream()
        .filter(line -> line.path(SCORE).isNumber())
        .forEach(
            line -> {
              sums.merge(step(line), line.path(SCORE).asDouble(), Double::sum);
              numbers.merge(step(line), 1, Integer::sum);
            });
    return sums.keySet().stream()
        .filter(step -> numbers.get(step) == dataSets().size())
        .max(
            Comparator.<Long>comparingDouble(sums::get)
                .thenComparing(Comparator.<Long>naturalOrder().reversed()));
  }

  /** A dev set's line at a step. */
  Optional<JsonNode> at(long step, String dataSet) {
    return lines.stream()
        .filter(line -> step(line) == step && dataSet(line).equals(dataSet))
        .reduce((first, second) -> second);
  }

  /** A dev set's last line. */
  Optional<JsonNode> last(String dataSet) {
    return lines.stream()
        .filter(line -> dataSet(line).equals(dataSet))
        .reduce((first, second) -> second);
  }

  /** Whatever numbers a line has beside its score, under the names of the metrics. */
  static Map<String, Double> metrics(JsonNode line) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    line.properties().stream()
        .filter(entry -> !NO_METRICS.contains(entry.getKey()) && entry.getValue().isNumber())
        .forEach(entry -> metrics.put(entry.getKey(), entry.getValue().asDouble()));
    return metrics;
  }

  private static long step(JsonNode line) {
    return line.path("step").asLong();
  }
}
