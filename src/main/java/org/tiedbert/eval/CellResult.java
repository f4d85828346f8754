package org.tiedbert.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.WholeFile;

/**
 * What came of a cell; the contents of its file, by which it is known to be done.
 *
 * @param settings its {@link FineTuningConfig} in YAML
 * @param result null where it has none
 * @param problem why it has none, or null
 */
record CellResult(
    @JsonProperty(required = true) GlueCell cell,
    @JsonProperty(required = true) String settings,
    @JsonProperty(required = true) FineTuningResult result,
    @JsonProperty(required = true) String problem) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  OptionalDouble score() {
    return result == null ? OptionalDouble.empty() : result.scoreIfDefined();
  }

  static CellResult read(Path file) {
    try {
      return MAPPER.readValue(Files.readAllBytes(file), CellResult.class);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s must hold what came of a cell, delete it to train that again: %s"
              .formatted(file, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  void write(Path file) {
    try {
      Files.createDirectories(file.getParent());
      WholeFile.write(file, MAPPER.writeValueAsBytes(this));
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }
}
