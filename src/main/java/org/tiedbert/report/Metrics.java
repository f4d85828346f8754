package org.tiedbert.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lines of a run's {@code metrics.jsonl}, those that can be read.
 *
 * @param steps columns of the lines of kind {@code step}, one row each
 * @param evaluations lines of kind {@code eval}
 * @param stages lines of kind {@code stage}
 * @param numDamaged lines that are none of a run's
 * @param firstDamaged number of the first one of those, from 1; 0 if there is none
 */
record Metrics(
    StepColumns steps,
    List<JsonNode> evaluations,
    List<JsonNode> stages,
    long numDamaged,
    long firstDamaged) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  Metrics {
    evaluations = List.copyOf(evaluations);
    stages = List.copyOf(stages);
  }

  static Metrics none() {
    return new Metrics(new StepColumns(), List.of(), List.of(), 0, 0);
  }

  /** Reads what is there; the file may be written at the same time. */
  static Metrics read(Path file) throws IOException {
    StepColumns steps = new StepColumns();
    List<JsonNode> evaluations = new ArrayList<>();
    List<JsonNode> stages = new ArrayList<>();
    long number = 0;
    long numDamaged = 0;
    long firstDamaged = 0;
    try (BufferedReader in = Files.newBufferedReader(file, ISO_8859_1)) { // any bytes
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        Optional<JsonNode> read = line(line);
        boolean understood =
            read.isPresent()
                && switch (read.get().path("kind").asText()) {
                  case "step" -> steps.add(read.get());
                  case "eval" -> evaluations.add(read.get());
                  case "stage" -> stages.add(read.get());
                  case "recovery" -> true; // recoveries.json says the same
                  default -> false;
                };
        if (!understood) {
          numDamaged++;
          firstDamaged = firstDamaged == 0 ? number : firstDamaged;
        }
      }
    }
    return new Metrics(steps, evaluations, stages, numDamaged, firstDamaged);
  }

  private static Optional<JsonNode> line(String line) throws IOException {
    try {
      JsonNode node = MAPPER.readTree(line.getBytes(ISO_8859_1));
      return node.path("step").isIntegralNumber() ? Optional.of(node) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The number of the last line about an update, 0 before the first one. */
  long lastStep() {
    return steps.size() == 0 ? 0 : (long) steps.column("step")[steps.size() - 1];
  }
}
