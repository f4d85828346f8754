package org.tiedbert.text;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.stream.Collectors;

/** What is wrong with JSON, in one line. */
public final class JsonProblem {
  private JsonProblem() {}

  /** Such as {@code line 3: maxSeqLength: Cannot coerce ...}; for the end of a message. */
  public static String of(JsonProcessingException e) {
    JsonLocation location = e.getLocation();
    String line = location == null ? "" : "line %d: ".formatted(location.getLineNr());
    return line + field(e) + sentence(e);
  }

  private static String field(JsonProcessingException e) {
    if (!(e instanceof JsonMappingException problem) || problem.getPath().isEmpty()) {
      return "";
    }
    return problem.getPath().stream()
            .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
            .collect(Collectors.joining("."))
        + ": ";
  }

  /** Jackson's own, without where it read it and how it could be made to take it. */
  private static String sentence(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst(" \\((start marker at \\[Source: |but could if ).*", "");
  }
}
