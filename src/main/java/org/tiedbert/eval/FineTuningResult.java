package org.tiedbert.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.WholeFile;

/**
 * What came of a fine-tuning run; the contents of {@code result.json}.
 *
 * @param task its name
 * @param bestStep updates before the best score, or before the last one where none is defined
 * @param steps updates in all
 * @param stoppedEarly whether patience ended it before its last epoch
 * @param score at the best step, the mean over the development sets and their metrics, or null
 *     where a metric is undefined
 * @param dataSets each development set's metrics at the best step
 * @param seconds of training and scoring, over all the processes of the run
 */
public record FineTuningResult(
    @JsonProperty(required = true) String task,
    @JsonProperty(required = true) long bestStep,
    @JsonProperty(required = true) long steps,
    @JsonProperty(required = true) boolean stoppedEarly,
    @JsonProperty(required = true) Double score,
    @JsonProperty(required = true) List<DataSetResult> dataSets,
    @JsonProperty(required = true) double seconds) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * One development set.
   *
   * @param metrics by name; an undefined one is missing
   * @param undefined why a metric is missing, by name
   */
  public record DataSetResult(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) Map<String, Double> metrics,
      @JsonProperty(required = true) Map<String, String> undefined) {

    static DataSetResult of(Scores scores) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      Map<String, String> undefined = new LinkedHashMap<>();
      scores
          .values()
          .forEach(
              (name, value) -> {
                if (value instanceof Metric.Value.Defined defined) {
                  metrics.put(name, defined.value());
                } else if (value instanceof Metric.Value.Undefined none) {
                  undefined.put(name, none.reason());
                }
              });
      return new DataSetResult(scores.dataSet(), metrics, undefined);
    }
  }

  /** The score, where there is one. */
  public OptionalDouble scoreIfDefined() {
    return score == null ? OptionalDouble.empty() : OptionalDouble.of(score);
  }

  /**
   * Reads the file.
   *
   * @throws CheckpointException if it is damaged
   */
  public static FineTuningResult read(Path file) {
    try {
      return MAPPER.readValue(Files.readAllBytes(file), FineTuningResult.class);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s must hold what came of a fine-tuning run: %s"
              .formatted(file, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  byte[] bytes() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and strings have a JSON form", e);
    }
  }

  /** Writes the file, whole or not at all. */
  void write(Path file) {
    try {
      WholeFile.write(file, bytes());
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }
}
