package org.tiedbert.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tiedbert.eval.DevPrediction;

/** How often each label was taken for which. */
final class ConfusionMatrix {
  private static final int MAX_CLASSES = 30;
  private static final int NUM_CONFUSIONS = 6;
  private static final int SHADES = 10;

  private final List<DevPrediction> predictions;
  private final List<String> labels;
  private final Map<String, Map<String, Long>> counts;

  /**
   * A cell.
   *
   * @param count empty for none
   * @param shade its share of its row, from 0 to 10
   */
  record Cell(String count, int shade, boolean isRight) {}

  /** All examples of a label. */
  record Row(String label, List<Cell> cells, String recall) {}

  record Model(List<String> labels, List<Row> rows) {
    /** Where there are no labels, or more than a table can show. */
    static final Model NONE = new Model(List.of(), List.of());
  }

  /** A label that was taken for another. */
  record Confusion(String target, String prediction, String count) {}

  ConfusionMatrix(List<DevPrediction> predictions) {
    this.predictions = predictions;
    this.labels =
        List.copyOf(
            predictions.stream()
                .flatMap(p -> Stream.of(p.target(), p.prediction()))
                .collect(Collectors.toCollection(TreeSet::new)));
    this.counts =
        predictions.stream()
            .collect(
                Collectors.groupingBy(
                    DevPrediction::target,
                    TreeMap::new,
                    Collectors.groupingBy(
                        DevPrediction::prediction, TreeMap::new, Collectors.counting())));
  }

  Model model() {
    return labels.size() > MAX_CLASSES
        ? Model.NONE
        : new Model(labels, labels.stream().map(this::row).toList());
  }

  private Row row(String target) {
    Map<String, Long> row = counts.getOrDefault(target, Map.of());
    long sum = row.values().stream().mapToLong(Long::longValue).sum();
    List<Cell> cells = new ArrayList<>();
    for (String prediction : labels) {
      long count = row.getOrDefault(prediction, 0L);
      int shade = sum == 0 ? 0 : (int) Math.ceil((double) SHADES * count / sum);
      cells.add(new Cell(count == 0 ? "" : Numbers.count(count), shade, target.equals(prediction)));
    }
    double recall = sum == 0 ? Double.NaN : (double) row.getOrDefault(target, 0L) / sum;
    return new Row(target, cells, Numbers.percent(recall));
  }

  /** The most frequent mistakes, the most frequent first. */
  List<Confusion> mostFrequent() {
    Map<List<String>, Long> mistakes =
        predictions.stream()
            .filter(p -> !p.matches())
            .map(p -> List.of(p.target(), p.prediction()))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return mistakes.entrySet().stream()
        .sorted(
            Map.Entry.<List<String>, Long>comparingByValue()
                .reversed()
                .thenComparing(entry -> entry.getKey().toString(), Comparator.naturalOrder()))
        .limit(NUM_CONFUSIONS)
        .map(
            entry ->
                new Confusion(
                    entry.getKey().get(0), entry.getKey().get(1), Numbers.count(entry.getValue())))
        .toList();
  }
}
