package org.tiedbert.analysis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;

/**
 * How one number of a run's {@code metrics.jsonl} went. Time is that of its updates alone, added
 * up: evaluation, checkpoints and pauses are not in it.
 *
 * @param name of the run
 * @param training a point for each update whose line has the number
 * @param heldOut a point for each evaluation that has it
 * @param stages first updates of the stages, but for the first stage
 */
public record RunCurve(String name, List<Point> training, List<Point> heldOut, List<Point> stages) {
  private static final String FILE_NAME = "metrics.jsonl";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public RunCurve {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
    stages = List.copyOf(stages);
  }

  /**
   * A value and when it was.
   *
   * @param step of the run, from 1; 0 for what was measured before the first
   * @param seconds from the start to the end of the step
   * @param value NaN at a stage's beginning
   */
  public record Point(double step, double seconds, double value) {}

  /**
   * Reads what there is; the run may still train.
   *
   * @param metric key of the number in lines about updates and about evaluations
   * @throws InputException if there is no such file, it has no update with that number, or a line
   *     but the last is no JSON
   */
  public static RunCurve read(String name, Path run, String metric) {
    Path file = run.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      throw new InputException(
          "%s is no run: it must hold %s, which pretrain and finetune write"
              .formatted(run, FILE_NAME));
    }
    Reader reader = new Reader(metric);
    try (BufferedReader in = Files.newBufferedReader(file, ISO_8859_1)) { // any bytes
      long number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        JsonNode node = parsed(line);
        if (node != null) {
          reader.add(node);
        } else if (in.readLine() != null) { // the last one may still be written
          throw new InputException(
              "%s, line %d, must be a JSON object, got '%s'"
                  .formatted(file, number, line.substring(0, Math.min(40, line.length()))));
        } else {
          break;
        }
      }
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
    if (reader.training.isEmpty()) {
      throw new InputException(
          "%s has no update with the number '%s'; it has %s"
              .formatted(file, metric, reader.keys.isEmpty() ? "no updates yet" : reader.keys));
    }
    return reader.curve(name);
  }

  private static JsonNode parsed(String line) {
    try {
      JsonNode node = MAPPER.readTree(line.getBytes(ISO_8859_1));
      return node != null && node.isObject() ? node : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static final class Reader {
    private final String metric;
    private final List<Point> training = new ArrayList<>();
    private final List<Point> heldOut = new ArrayList<>();
    private final List<Point> stages = new ArrayList<>();
    private final Set<String> keys = new TreeSet<>();
    private double seconds;

    Reader(String metric) {
      this.metric = metric;
    }

    void add(JsonNode line) {
      double step = line.path("step").asDouble();
      double value = line.path(metric).isNumber() ? line.path(metric).asDouble() : Double.NaN;
      switch (line.path("kind").asText()) {
        case "step" -> {
          seconds += line.path("time").path("seconds").asDouble();
          line.properties().stream()
              .filter(entry -> entry.getValue().isNumber())
              .forEach(entry -> keys.add(entry.getKey()));
          if (Double.isFinite(value)) {
            training.add(new Point(step, seconds, value));
          }
        }
        case "eval" -> {
          if (Double.isFinite(value)) {
            heldOut.add(new Point(step, seconds, value));
          }
        }
        case "stage" -> {
          if (step > 1) {
            stages.add(new Point(step, seconds, Double.NaN));
          }
        }
        default -> {} // of a later version
      }
    }

    RunCurve curve(String name) {
      return new RunCurve(name, training, heldOut, stages);
    }
  }

  /**
   * Training smoothed: the means of step, time and value of each run of updates that follow one
   * another, none of them in two means. The last mean may be of fewer.
   *
   * @param numUpdates in a mean
   */
  public List<Point> smoothed(int numUpdates) {
    if (numUpdates < 1) {
      throw new IllegalArgumentException(
          "there must be at least 1 update in a mean, got " + numUpdates);
    }
    List<Point> means = new ArrayList<>();
    for (int from = 0; from < training.size(); from += numUpdates) {
      List<Point> some = training.subList(from, Math.min(training.size(), from + numUpdates));
      means.add(
          new Point(
              some.stream().mapToDouble(Point::step).average().orElseThrow(),
              some.stream().mapToDouble(Point::seconds).average().orElseThrow(),
              some.stream().mapToDouble(Point::value).average().orElseThrow()));
    }
    return means;
  }
}
