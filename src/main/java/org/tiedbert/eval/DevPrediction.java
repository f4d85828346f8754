package org.tiedbert.eval;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/**
 * What a fine-tuned model said of one example of a dev set: a line of {@code predictions.jsonl},
 * for people who want to see its mistakes.
 *
 * @param dataSet name of the dev set
 * @param index the example's number in its file
 * @param inputs for each input its one or two texts
 * @param isScore whether target and prediction are numbers, and not labels or choices
 * @param target what is right, in words
 * @param prediction what the model said, in words
 */
public record DevPrediction(
    @JsonProperty(required = true) String dataSet,
    @JsonProperty(required = true) int index,
    @JsonProperty(required = true) List<List<String>> inputs,
    @JsonProperty(required = true) boolean isScore,
    @JsonProperty(required = true) String target,
    @JsonProperty(required = true) String prediction) {
  /** Its name in a run's directory. */
  public static final String FILE_NAME = "predictions.jsonl";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  public DevPrediction {
    inputs = inputs.stream().map(List::copyOf).toList();
  }

  /**
   * @param example has a target
   * @param prediction index of the class or choice, or the score
   */
  public static DevPrediction of(
      String dataSet, TaskOutput output, Example example, double prediction) {
    List<List<String>> inputs =
        example.inputs().stream()
            .map(
                pair ->
                    pair.second()
                        .map(second -> List.of(pair.first(), second))
                        .orElseGet(() -> List.of(pair.first())))
            .toList();
    return new DevPrediction(
        dataSet,
        example.index(),
        inputs,
        output instanceof TaskOutput.Score,
        output.inWords(example.target().orElseThrow()),
        output.inWords(prediction));
  }

  /** Whether label or choice are the right ones; says nothing of scores. */
  public boolean matches() {
    return target.equals(prediction);
  }

  /**
   * Writes all lines, whole or not at all, over those of before.
   *
   * @throws InputException if the file cannot be written
   */
  public static void write(Path file, List<DevPrediction> predictions) {
    try {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      for (DevPrediction prediction : predictions) {
        lines.write((MAPPER.writeValueAsString(prediction) + "\n").getBytes(UTF_8));
      }
      WholeFile.write(file, lines.toByteArray());
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /**
   * Reads the lines; none where there is no file.
   *
   * @param damaged told of each line that is passed over, and of a file that cannot be read
   */
  public static List<DevPrediction> read(Path file, Consumer<String> damaged) {
    List<DevPrediction> predictions = new ArrayList<>();
    if (!Files.exists(file)) {
      return predictions;
    }
    try (BufferedReader in = Files.newBufferedReader(file, ISO_8859_1)) { // any bytes
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        try {
          predictions.add(MAPPER.readValue(line.getBytes(ISO_8859_1), DevPrediction.class));
        } catch (JsonProcessingException e) {
          damaged.accept("%s, line %d, is not a prediction".formatted(file, number));
        }
      }
    } catch (IOException e) {
      damaged.accept("%s cannot be read: %s".formatted(file, FileProblem.of(e)));
    }
    return predictions;
  }
}
