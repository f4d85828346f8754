package org.tiedbert.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of many lines of metrics, a column each, since a run has millions of them. Those
 * under {@code time} are columns too. NaN where a line lacks a number.
 */
final class StepColumns {
  private static final String TIME = "time";

  private final Map<String, double[]> columns = new LinkedHashMap<>();
  private int size;

  /** Adds a line; false if it does not come behind those before it. */
  boolean add(JsonNode line) {
    if (size > 0 && line.path("step").asLong() <= columns.get("step")[size - 1]) {
      return false;
    }
    size++;
    line.properties()
        .forEach(
            entry -> {
              if (entry.getKey().equals(TIME)) {
                entry.getValue().properties().forEach(time -> put(time.getKey(), time.getValue()));
              } else {
                put(entry.getKey(), entry.getValue());
              }
            });
    return true;
  }

  private void put(String key, JsonNode value) {
    if (!value.isNumber()) {
      return; // NaN and infinities are text in JSON
    }
    double[] column = columns.computeIfAbsent(key, ignored -> filled(16));
    if (column.length < size) {
      double[] longer = filled(Math.max(size, 2 * column.length));
      System.arraycopy(column, 0, longer, 0, column.length);
      columns.put(key, longer);
      column = longer;
    }
    column[size - 1] = value.asDouble();
  }

  private static double[] filled(int length) {
    double[] column = new double[length];
    Arrays.fill(column, Double.NaN);
    return column;
  }

  /** The number of lines. */
  int size() {
    return size;
  }

  boolean has(String key) {
    return columns.containsKey(key);
  }

  /** A value for each line; NaN throughout for a key that no line has. */
  double[] column(String key) {
    double[] found = columns.getOrDefault(key, new double[0]);
    double[] column = filled(size);
    System.arraycopy(found, 0, column, 0, Math.min(size, found.length));
    return column;
  }

  /** The mean of several columns at each line, such as the accuracies of the views; NaN of none. */
  double[] mean(String... keys) {
    double[] mean = keys.length == 0 ? filled(size) : new double[size];
    for (String key : keys) {
      double[] column = column(key);
      for (int i = 0; i < size; i++) {
        mean[i] += column[i] / keys.length;
      }
    }
    return mean;
  }
}
