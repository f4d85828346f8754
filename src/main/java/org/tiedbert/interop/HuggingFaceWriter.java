package org.tiedbert.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.text.TokenizerJson;
import org.tiedbert.text.Vocabulary;

/** Writes one model as a folder of {@code transformers}; it reads the bundle, which it is given. */
final class HuggingFaceWriter {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final ModelDirectory model;
  private final TensorBundle bundle;
  private final Optional<Labels> labels;
  private final HuggingFaceArchitecture architecture;
  private final Map<String, Shape> shapes;

  HuggingFaceWriter(ModelDirectory model, TensorBundle bundle) {
    this.model = model;
    this.bundle = bundle;
    this.labels = model.labels();
    RequiredParameters required = RequiredParameters.of(model, bundle);
    this.shapes = required.shapes();
    this.architecture = HuggingFaceArchitecture.of(required.parts());
  }

  void write(Path folder) {
    ForeignFolder.write(folder, this::fill);
  }

  private void fill(Path folder) throws IOException {
    Files.write(folder.resolve(HuggingFaceConfig.FILE_NAME), bytes(config()));
    Files.write(folder.resolve(Vocabulary.FILE_NAME), model.vocabulary().bytes());
    Files.write(
        folder.resolve(HuggingFaceTokenizer.TOKENIZER),
        TokenizerJson.fileOf(model.vocabulary(), model.config().lowerCase()));
    Files.write(folder.resolve(HuggingFaceTokenizer.CONFIG), bytes(tokenizerConfig()));
    Files.write(folder.resolve("special_tokens_map.json"), bytes(specialTokens()));
    TreeMap<String, String> held = new TreeMap<>();
    TreeMap<String, String> extra = new TreeMap<>();
    for (String ours : shapes.keySet()) {
      if (architecture.holds(ours)) {
        held.put(architecture.nameOf(ours), ours);
      } else {
        extra.put(HuggingFaceNames.of(ours), ours);
      }
    }
    writeTensors(folder.resolve(SafetensorsFolder.SINGLE), held);
    if (!extra.isEmpty()) {
      writeTensors(folder.resolve(HuggingFace.EXTRA), extra);
    }
  }

  private void writeTensors(Path file, SortedMap<String, String> oursByTheirs) throws IOException {
    TreeMap<String, Shape> theirShapes = new TreeMap<>();
    oursByTheirs.forEach((theirs, ours) -> theirShapes.put(theirs, theirShape(ours)));
    SafetensorsWriter.write(file, theirShapes, theirs -> values(oursByTheirs.get(theirs)));
  }

  private Shape theirShape(String ours) {
    Shape shape = shapes.get(ours);
    return HuggingFaceNames.isTransposed(ours) ? Shape.of(shape.get(1), shape.get(0)) : shape;
  }

  private float[] values(String ours) {
    float[] values = bundle.floats(ours);
    Shape shape = shapes.get(ours);
    return HuggingFaceNames.isTransposed(ours)
        ? HuggingFaceNames.transposed(values, (int) shape.get(0), (int) shape.get(1))
        : values;
  }

  private ObjectNode config() {
    EncoderConfig encoder = model.config().encoder();
    ObjectNode config = JSON.createObjectNode();
    config.putArray("architectures").add(architecture.className());
    config
        .put("model_type", "bert")
        .put("torch_dtype", "float32")
        .put("vocab_size", encoder.vocabSize())
        .put("hidden_size", encoder.hiddenSize())
        .put("num_hidden_layers", encoder.numHiddenLayers())
        .put("num_attention_heads", encoder.numAttentionHeads())
        .put("intermediate_size", encoder.intermediateSize())
        .put("hidden_act", "gelu")
        .put("hidden_dropout_prob", encoder.hiddenDropoutProb())
        .put("attention_probs_dropout_prob", encoder.attentionDropoutProb())
        .put("max_position_embeddings", encoder.maxPositionEmbeddings())
        .put("type_vocab_size", encoder.typeVocabSize())
        .put("initializer_range", encoder.initializerRange())
        .put("layer_norm_eps", HuggingFaceConfig.LAYER_NORM_EPSILON)
        .put("position_embedding_type", "absolute")
        .put("pad_token_id", model.vocabulary().padId());
    labels.ifPresent(present -> putLabels(config, present));
    return config;
  }

  private static void putLabels(ObjectNode config, Labels labels) {
    config.put(
        "problem_type", labels.isRegression() ? "regression" : "single_label_classification");
    ObjectNode id2label = config.putObject("id2label");
    ObjectNode label2id = config.putObject("label2id");
    List<String> names = labels.names();
    for (int id = 0; id < names.size(); id++) {
      id2label.put(String.valueOf(id), names.get(id));
      label2id.put(names.get(id), id);
    }
  }

  private ObjectNode tokenizerConfig() {
    return specialTokens()
        .put("tokenizer_class", "BertTokenizer")
        .put("do_lower_case", model.config().lowerCase())
        .putNull("strip_accents") // null: as do_lower_case
        .put("tokenize_chinese_chars", true)
        .put("clean_up_tokenization_spaces", true)
        .put("model_max_length", model.config().encoder().maxPositionEmbeddings());
  }

  private static ObjectNode specialTokens() {
    ObjectNode tokens = JSON.createObjectNode();
    HuggingFaceTokenizer.SPECIAL.forEach(tokens::put);
    return tokens;
  }

  private static byte[] bytes(ObjectNode node) throws IOException {
    return (JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
