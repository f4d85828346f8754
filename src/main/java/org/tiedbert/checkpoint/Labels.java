package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/**
 * What the outputs of a fine-tuned model's classifier stand for; the contents of {@code
 * labels.json}.
 *
 * @param names the class of each output, in order; a single one is the name of what a regression
 *     predicts
 */
public record Labels(@JsonProperty(required = true) List<String> names) {
  public static final String FILE_NAME = "labels.json";

  public Labels {
    names = List.copyOf(names);
    if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
      throw new IllegalArgumentException(
          "labels must be one name or more, each of them once, got " + names);
    }
  }

  /** Whether the one output is a number, not the score of a class. */
  @JsonIgnore
  public boolean isRegression() {
    return names.size() == 1;
  }

  /** The file's bytes. */
  public byte[] bytes() {
    return Json.bytes(this);
  }

  /**
   * Reads a file that holds exactly these keys.
   *
   * @throws CheckpointException if it cannot be read or holds anything else
   */
  public static Labels read(Path file) {
    return Json.read(file, Labels.class);
  }
}
