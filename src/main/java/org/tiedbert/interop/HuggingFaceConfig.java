package org.tiedbert.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.model.EncoderConfig;

/**
 * The {@code config.json} of a BERT. Keys that change nothing of what the model computes are passed
 * over; one that is absent has the value it has for {@code transformers}.
 *
 * @param encoder shape of the model
 * @param architectures the classes that the model was saved from, such as {@code BertForMaskedLM}
 */
record HuggingFaceConfig(JsonFile json, EncoderConfig encoder, List<String> architectures) {
  static final String FILE_NAME = "config.json";

  /** The same function by two names. */
  private static final Set<String> ERF_GELU = Set.of("gelu", "gelu_python");

  static final double LAYER_NORM_EPSILON = 1e-12;
  private static final long MAX_BYTES = 8L << 20;
  private static final int DEFAULT_NUM_LABELS = 2;

  /**
   * @throws InteropException if there is no such file, or it describes no BERT that this program
   *     has
   */
  static HuggingFaceConfig read(Path folder) {
    JsonFile json = JsonFile.read(folder.resolve(FILE_NAME), MAX_BYTES);
    List<String> architectures = architectures(json);
    requireBert(json, architectures);
    try {
      return new HuggingFaceConfig(json, encoder(json), architectures);
    } catch (IllegalArgumentException e) {
      throw new InteropException(
          "%s does not describe a BERT: %s".formatted(json.name(), e.getMessage()), e);
    }
  }

  private static List<String> architectures(JsonFile json) {
    List<String> names = new ArrayList<>();
    json.value("architectures")
        .ifPresent(
            array -> {
              array.forEach(name -> names.add(name.asText()));
              if (!array.isArray()) {
                throw json.wrong("architectures", "a list", array);
              }
            });
    return names;
  }

  private static void requireBert(JsonFile json, List<String> architectures) {
    Optional<String> type = json.text("model_type");
    boolean named = architectures.stream().anyMatch(name -> name.matches("Bert(Model|For\\w+)"));
    if (!type.map("bert"::equals).orElse(named)) {
      throw new InteropException(
          "%s must have model_type bert, it has %s%s"
              .formatted(
                  json.name(),
                  type.map(JsonFile::quoted).orElse("none"),
                  type.isEmpty() ? "; if the model is a BERT, add \"model_type\": \"bert\"" : ""));
    }
    json.text("hidden_act")
        .filter(activation -> !ERF_GELU.contains(activation))
        .ifPresent(
            found -> refuse(json, "hidden_act", found, "gelu, the only activation there is here"));
    json.number("layer_norm_eps")
        .filter(epsilon -> epsilon != LAYER_NORM_EPSILON)
        .ifPresent(found -> refuse(json, "layer_norm_eps", found, "1e-12, the only one there is"));
    json.text("position_embedding_type")
        .filter(positions -> !positions.equals("absolute"))
        .ifPresent(
            found ->
                refuse(json, "position_embedding_type", found, "absolute, the only kind there is"));
    requireEncoder(json);
  }

  private static void requireEncoder(JsonFile json) {
    for (String decoding : List.of("is_decoder", "add_cross_attention")) {
      json.flag(decoding)
          .filter(is -> is)
          .ifPresent(is -> refuse(json, decoding, is, "false: only encoders can be had here"));
    }
    json.value("pruned_heads")
        .filter(heads -> !heads.isEmpty())
        .ifPresent(found -> refuse(json, "pruned_heads", found, "empty: layers are alike here"));
  }

  private static void refuse(JsonFile json, String key, Object found, String needed) {
    throw new InteropException(
        "%s has %s %s, it must be %s; such a model cannot be taken over"
            .formatted(json.name(), key, JsonFile.quoted(found.toString()), needed));
  }

  private static EncoderConfig encoder(JsonFile json) {
    return new EncoderConfig(
        size(json, "vocab_size"),
        size(json, "max_position_embeddings"),
        json.integer("type_vocab_size").orElse(2),
        size(json, "hidden_size"),
        size(json, "num_hidden_layers"),
        size(json, "num_attention_heads"),
        size(json, "intermediate_size"),
        json.number("hidden_dropout_prob").orElse(0.1),
        json.number("attention_probs_dropout_prob").orElse(0.1),
        json.number("initializer_range").orElse(0.02));
  }

  private static int size(JsonFile json, String key) {
    return json.required(key, json.integer(key));
  }

  /** Whether a tensor {@code classifier.weight} is one on the pooled first token, for sentences. */
  boolean classifiesSentences() {
    return architectures.contains(HuggingFaceArchitecture.SEQUENCE_CLASSIFICATION.className());
  }

  /**
   * What the classifier's outputs stand for; LABEL_0, LABEL_1 and so on if nothing says.
   *
   * @param numClasses rows of the classifier's weights
   * @throws InteropException if that is another number of labels, or they do not exclude one
   *     another
   */
  Labels labels(int numClasses) {
    List<String> names = labelNames(numClasses);
    Optional<Integer> numLabels = json.integer("num_labels");
    if (names.size() != numClasses || numLabels.orElse(numClasses) != numClasses) {
      throw new InteropException(
          "%s: the classifier has %d outputs, id2label names %d and num_labels is %s"
              .formatted(
                  json.name(),
                  numClasses,
                  names.size(),
                  numLabels.map(String::valueOf).orElse("absent")));
    }
    requireProblem(numClasses);
    try {
      return new Labels(names);
    } catch (IllegalArgumentException e) {
      throw new InteropException("%s, id2label: %s".formatted(json.name(), e.getMessage()), e);
    }
  }

  private void requireProblem(int numClasses) {
    String problem = json.text("problem_type").orElse("");
    boolean fits =
        switch (problem) {
          case "" -> true;
          case "regression" -> numClasses == 1;
          case "single_label_classification" -> numClasses > 1;
          default -> false;
        };
    if (!fits) {
      throw new InteropException(
          "%s has problem_type %s with %d outputs; a classifier here names one of several classes,"
                  .formatted(json.name(), JsonFile.quoted(problem), numClasses)
              + " single_label_classification, or has one output, regression");
    }
  }

  private List<String> labelNames(int numClasses) {
    Optional<JsonFile> id2label = json.child("id2label");
    List<String> names = new ArrayList<>();
    if (id2label.isEmpty()) {
      int count = json.integer("num_labels").orElse(DEFAULT_NUM_LABELS);
      for (int id = 0; id < Math.min(count, numClasses); id++) {
        names.add("LABEL_" + id);
      }
      return names;
    }
    for (int id = 0; id < id2label.get().object().size(); id++) {
      String key = String.valueOf(id);
      names.add(id2label.get().required(key, id2label.get().text(key)));
    }
    return names;
  }
}
