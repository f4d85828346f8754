package org.tiedbert.eval;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.eval.FineTuningResult.DataSetResult;
import org.tiedbert.text.FileProblem;

/**
 * The best score of a run so far; the contents of {@code best.json} in its checkpoints.
 *
 * @param step updates before it; 0 before the first score
 * @param score null where there is none, or a metric is undefined
 * @param dataSets each development set's metrics then
 * @param numMissed how many scores since were no better
 */
record BestScore(
    @JsonProperty(required = true) long step,
    @JsonProperty(required = true) Double score,
    @JsonProperty(required = true) List<DataSetResult> dataSets,
    @JsonProperty(required = true) int numMissed) {
  static final String FILE = "best.json";
  static final BestScore NONE = new BestScore(0, null, List.of(), 0);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Whether a score is better. The first one always is; one that is undefined is no better than
   * another.
   */
  boolean isBeatenBy(OptionalDouble other) {
    return step == 0 || other.isPresent() && (score == null || other.getAsDouble() > score);
  }

  /** The best score, found now. */
  BestScore with(long stepNow, List<Scores> scores) {
    OptionalDouble mean = Scores.mean(scores);
    return new BestScore(
        stepNow,
        mean.isPresent() ? mean.getAsDouble() : null,
        scores.stream().map(DataSetResult::of).toList(),
        0);
  }

  BestScore missed() {
    return new BestScore(step, score, dataSets, numMissed + 1);
  }

  byte[] bytes() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and strings have a JSON form", e);
    }
  }

  static BestScore read(Path file) {
    try {
      return MAPPER.readValue(Files.readAllBytes(file), BestScore.class);
    } catch (IOException e) {
      throw new CheckpointException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }
}
