package org.tiedbert.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of {@code metrics.jsonl}: an object whose keys stand in the order they were given,
 * {@code kind} and {@code step} first and, last, {@code time}, an object of everything that two
 * equal runs do not share. A number is printed as Java prints its type, so equal values give equal
 * text.
 */
public final class MetricsLine {
  static final String KIND = "kind";
  static final String RECOVERY = "recovery";
  static final String STEP = "step";
  static final String TIME = "time";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final long step;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, Object> times = new LinkedHashMap<>();

  private MetricsLine(String kind, long step) {
    if (step < 0) {
      throw new IllegalArgumentException("step must not be negative, got " + step);
    }
    this.step = step;
    values.put(KIND, kind);
    values.put(STEP, step);
  }

  /** A line about one update: the {@code step}-th of the run, counted from 1. */
  public static MetricsLine step(long step) {
    return new MetricsLine("step", step);
  }

  /** A line about an evaluation after {@code step} updates. */
  public static MetricsLine evaluation(long step) {
    return new MetricsLine("eval", step);
  }

  /**
   * A line that opens a stage whose first update is the {@code firstStep}-th of the run, from 1.
   */
  public static MetricsLine stage(long firstStep) {
    return new MetricsLine("stage", firstStep);
  }

  /** A line about a divergence after which the run went back to {@code step} updates. */
  static MetricsLine recovery(long step) {
    return new MetricsLine(RECOVERY, step);
  }

  public MetricsLine with(String key, List<Long> values) {
    return put(this.values, key, List.copyOf(values));
  }

  public MetricsLine with(String key, double value) {
    return put(values, key, value);
  }

  public MetricsLine with(String key, float value) {
    return put(values, key, value);
  }

  public MetricsLine with(String key, long value) {
    return put(values, key, value);
  }

  public MetricsLine with(String key, String value) {
    return put(values, key, value);
  }

  /** A measured duration, rate or date. */
  public MetricsLine withTime(String key, double value) {
    return put(times, key, value);
  }

  private MetricsLine put(Map<String, Object> target, String key, Object value) {
    if (key.equals(TIME) || values.containsKey(key) || times.containsKey(key)) {
      throw new IllegalArgumentException("a line of metrics has '%s' once".formatted(key));
    }
    target.put(key, value);
    return this;
  }

  long step() {
    return step;
  }

  /** The line's JSON without a line break. */
  String json() {
    Map<String, Object> all = new LinkedHashMap<>(values);
    if (!times.isEmpty()) {
      all.put(TIME, times);
    }
    try {
      return MAPPER.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and strings have a JSON form", e);
    }
  }
}
