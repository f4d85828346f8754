package org.tiedbert.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.corpus.CorpusException;
import org.tiedbert.corpus.ShardManifest;

/**
 * What is known of a model's training, for people. What is not at hand, or not readable, or of
 * another model, is left out.
 *
 * @param configYaml what it was trained under, or empty
 * @param evaluation the last on held-out text before the checkpoint
 * @param shards what it was trained on
 */
record TrainingFacts(
    Optional<TrainingState> state,
    String configYaml,
    Optional<Evaluation> evaluation,
    Optional<ShardManifest> shards) {
  static final String CONFIG = "config.yaml";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A line of kind {@code eval} of a run's metrics; cross entropies in nats. */
  record Evaluation(long step, double crossEntropy, double accuracy, double unigramEntropy) {}

  static TrainingFacts of(ModelDirectory model) throws IOException {
    Path config = model.file(CONFIG);
    String yaml = Files.exists(config) ? Files.readString(config) : "";
    return new TrainingFacts(model.state(), yaml, evaluation(model), shards(model, yaml));
  }

  /** A checkpoint lies in RUN/checkpoints/. */
  private static Optional<Evaluation> evaluation(ModelDirectory model) throws IOException {
    Path checkpoints = model.path().toAbsolutePath().normalize().getParent();
    if (model.state().isEmpty()
        || checkpoints.getParent() == null
        || !RunDirectory.isAt(checkpoints.getParent())
        || !new RunDirectory(checkpoints.getParent()).checkpoints().equals(checkpoints)) {
      return Optional.empty();
    }
    Path metrics = new RunDirectory(checkpoints.getParent()).metrics();
    return Files.exists(metrics)
        ? last(metrics, model.state().orElseThrow().step())
        : Optional.empty();
  }

  private static Optional<Evaluation> last(Path metrics, long step) throws IOException {
    Optional<Evaluation> last = Optional.empty();
    try (BufferedReader in = Files.newBufferedReader(metrics, StandardCharsets.ISO_8859_1)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("{\"kind\":\"eval\"")) {
          Optional<Evaluation> here = evaluation(line).filter(found -> found.step <= step);
          last = here.isPresent() ? here : last;
        }
      }
    }
    return last;
  }

  private static Optional<Evaluation> evaluation(String line) {
    try {
      JsonNode eval = JSON.readTree(line);
      return Optional.of(
          new Evaluation(
              eval.required("step").asLong(),
              eval.required("crossEntropy").asDouble(),
              eval.required("accuracy").asDouble(),
              eval.required("unigramEntropy").asDouble()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty(); // what a killed process left
    }
  }

  private static Optional<ShardManifest> shards(ModelDirectory model, String yaml) {
    try {
      JsonNode shards = new YAMLMapper().readTree(yaml).path("data").path("shards");
      if (!shards.isTextual() || !Files.isDirectory(Path.of(shards.asText()))) {
        return Optional.empty();
      }
      return Optional.of(ShardManifest.read(Path.of(shards.asText())))
          .filter(manifest -> manifest.vocabDigest().equals(model.vocabulary().digest()));
    } catch (JsonProcessingException | CorpusException e) {
      return Optional.empty();
    }
  }
}
