package org.tiedbert.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.tiedbert.model.EncoderConfig;

/**
 * google-research/bert's {@code bert_config.json}.
 *
 * @param lowerCase of {@code do_lower_case}, which Google's own files lack and ours have
 */
record GoogleConfig(EncoderConfig encoder, Optional<Boolean> lowerCase) {
  static final String FILE_NAME = "bert_config.json";

  private static final String LOWER_CASE = "do_lower_case";
  private static final String ERF_GELU = "gelu";
  private static final long MAX_BYTES = 1 << 20;

  private static final List<String> KEYS =
      List.of(
          "attention_probs_dropout_prob",
          "hidden_act",
          "hidden_dropout_prob",
          "hidden_size",
          "initializer_range",
          "intermediate_size",
          "max_position_embeddings",
          "num_attention_heads",
          "num_hidden_layers",
          "type_vocab_size",
          "vocab_size");

  /** In Google's multilingual and Chinese models; its code does not read them. */
  private static final Set<String> UNREAD_KEYS =
      Set.of(
          "directionality",
          "pooler_fc_size",
          "pooler_num_attention_heads",
          "pooler_num_fc_layers",
          "pooler_size_per_head",
          "pooler_type");

  /**
   * @throws InteropException naming everything that is wrong with the file
   */
  static GoogleConfig read(Path file) {
    return new Reader(file).config();
  }

  /** The bytes of a file with exactly Google's keys. */
  static byte[] bytes(EncoderConfig encoder) {
    ObjectNode keys =
        JsonNodeFactory.instance
            .objectNode()
            .put("attention_probs_dropout_prob", encoder.attentionDropoutProb())
            .put("hidden_act", ERF_GELU)
            .put("hidden_dropout_prob", encoder.hiddenDropoutProb())
            .put("hidden_size", encoder.hiddenSize())
            .put("initializer_range", encoder.initializerRange())
            .put("intermediate_size", encoder.intermediateSize())
            .put("max_position_embeddings", encoder.maxPositionEmbeddings())
            .put("num_attention_heads", encoder.numAttentionHeads())
            .put("num_hidden_layers", encoder.numHiddenLayers())
            .put("type_vocab_size", encoder.typeVocabSize())
            .put("vocab_size", encoder.vocabSize());
    return (keys.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Collects what is wrong before it gives up. */
  private static final class Reader {
    private final Path file;
    private final ObjectNode keys;
    private final List<String> problems = new ArrayList<>();

    Reader(Path file) {
      this.file = file;
      this.keys = JsonFile.read(file, MAX_BYTES).object();
    }

    GoogleConfig config() {
      requireKeys();
      JsonNode activation = keys.path("hidden_act");
      if (!activation.isMissingNode() && !ERF_GELU.equals(activation.textValue())) {
        problems.add(
            "hidden_act is %s, the only activation there is here is \"%s\""
                .formatted(JsonFile.quoted(activation.toString()), ERF_GELU));
      }
      Optional<Boolean> lowerCase = lowerCase();
      int vocabSize = count("vocab_size");
      int maxPositionEmbeddings = count("max_position_embeddings");
      int typeVocabSize = count("type_vocab_size");
      int hiddenSize = count("hidden_size");
      int numHiddenLayers = count("num_hidden_layers");
      int numAttentionHeads = count("num_attention_heads");
      int intermediateSize = count("intermediate_size");
      double hiddenDropoutProb = number("hidden_dropout_prob");
      double attentionDropoutProb = number("attention_probs_dropout_prob");
      double initializerRange = number("initializer_range");
      requireNoProblems();
      try {
        return new GoogleConfig(
            new EncoderConfig(
                vocabSize,
                maxPositionEmbeddings,
                typeVocabSize,
                hiddenSize,
                numHiddenLayers,
                numAttentionHeads,
                intermediateSize,
                hiddenDropoutProb,
                attentionDropoutProb,
                initializerRange),
            lowerCase);
      } catch (IllegalArgumentException e) {
        throw new InteropException(
            "%s does not describe a BERT: %s".formatted(file, e.getMessage()), e);
      }
    }

    private void requireKeys() {
      Set<String> missing = new TreeSet<>(KEYS);
      Set<String> unknown = new TreeSet<>();
      keys.fieldNames().forEachRemaining(unknown::add);
      missing.removeAll(unknown);
      KEYS.forEach(unknown::remove);
      unknown.removeAll(UNREAD_KEYS);
      unknown.remove(LOWER_CASE);
      if (!missing.isEmpty()) {
        problems.add("%s missing".formatted(missing));
      }
      if (!unknown.isEmpty()) {
        problems.add(
            "%s unknown to google-research/bert; if the model is the same without, take them out"
                .formatted(unknown));
      }
    }

    private int count(String key) {
      JsonNode value = keys.path(key);
      if (!value.isMissingNode() && !value.canConvertToInt() || value.isFloatingPointNumber()) {
        problems.add(
            "%s must be a whole number, it is %s"
                .formatted(key, JsonFile.quoted(value.toString())));
      }
      return value.asInt();
    }

    private double number(String key) {
      JsonNode value = keys.path(key);
      if (!value.isMissingNode() && !value.isNumber()) {
        problems.add(
            "%s must be a number, it is %s".formatted(key, JsonFile.quoted(value.toString())));
      }
      return value.asDouble();
    }

    private Optional<Boolean> lowerCase() {
      JsonNode value = keys.path(LOWER_CASE);
      if (!value.isMissingNode() && !value.isBoolean()) {
        problems.add(
            "%s must be true or false, it is %s"
                .formatted(LOWER_CASE, JsonFile.quoted(value.toString())));
      }
      return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }

    private void requireNoProblems() {
      if (!problems.isEmpty()) {
        throw new InteropException("%s: %s".formatted(file, String.join("; ", problems)));
      }
    }
  }
}
