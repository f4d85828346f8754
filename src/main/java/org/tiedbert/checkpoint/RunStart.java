package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.tiedbert.engine.Environment;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.WholeFile;

/**
 * A line of a run's {@code environment.jsonl}: where and when it was started, or continued.
 *
 * @param step updates that the run had behind it
 * @param time in UTC, ISO 8601
 * @param environment of the process that writes the run from here on
 */
public record RunStart(
    @JsonProperty(required = true) long step,
    @JsonProperty(required = true) String time,
    @JsonProperty(required = true) Environment environment) {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // of later versions
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  /** A start at this moment. */
  public static RunStart now(long step, Environment environment) {
    return new RunStart(
        step, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), environment);
  }

  /**
   * Adds this start to those of the run before; for the process that holds the run's {@link
   * RunLock}.
   *
   * @throws CheckpointException if it cannot be written
   */
  public void append(RunDirectory run) {
    Path file = run.environment();
    try {
      byte[] before = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.write(before);
      if (before.length > 0 && before[before.length - 1] != '\n') {
        all.write('\n');
      }
      all.write((MAPPER.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
      WholeFile.write(file, all.toByteArray());
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /**
   * The starts of a run, the oldest first; none for a run that has no such file.
   *
   * @param damaged told of each line that is passed over, and of a file that cannot be read
   */
  public static List<RunStart> read(RunDirectory run, Consumer<String> damaged) {
    Path file = run.environment();
    if (!Files.exists(file)) {
      return List.of();
    }
    List<RunStart> starts = new ArrayList<>();
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      int number = 0;
      for (String line : text.lines().toList()) {
        number++;
        try {
          starts.add(MAPPER.readValue(line, RunStart.class));
        } catch (JsonProcessingException e) {
          damaged.accept("%s, line %d, is not a start of a run".formatted(file, number));
        }
      }
    } catch (IOException e) {
      damaged.accept("%s cannot be read: %s".formatted(file, FileProblem.of(e)));
    }
    return List.copyOf(starts);
  }
}
