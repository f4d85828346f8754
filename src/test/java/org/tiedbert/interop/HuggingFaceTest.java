package org.tiedbert.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.model.ModelPart;
import org.tiedbert.text.InputException;

class HuggingFaceTest {
  private static final String EMBEDDINGS = "bert.embeddings.word_embeddings.weight";

  @TempDir Path folder;

  @Test
  void readsWhatTransformersWrites() throws Exception {
    try (ForeignModel model = HuggingFace.open(golden("pretraining"))) {
      assertThat(model.parameters()).hasSize(5 + 2 * 16 + 2 + 5 + 2);
      assertHasGoldenValues(model);
      assertThat(model.config().encoder()).isEqualTo(TinyBert.ENCODER);
      assertThat(model.config().lowerCase()).isTrue();
      assertThat(model.vocabulary().tokens()).isEqualTo(TinyBert.VOCABULARY.tokens());
      assertThat(model.labels()).isEmpty();
      assertThat(model.unknown()).isEmpty();
      assertThatThrownBy(() -> model.values("output_weights"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageEndingWith("holds no parameter output_weights");
    }
  }

  @Test
  void readsShardsOfBfloat16() throws Exception {
    try (ForeignModel model = HuggingFace.open(golden("sharded"))) {
      assertThat(model.parameters()).hasSize(5 + 2 * 16 + 2 + 2);
      assertThat(model.shape("output_weights")).isEqualTo(Shape.of(3, 8));
      assertHasGoldenValues(model);
      assertThat(model.labels()).contains(TinyBert.LABELS);
    }
  }

  /** As tools/goldens/transformers_bert.py fills them. */
  private static void assertHasGoldenValues(ForeignModel model) {
    for (String parameter : model.parameters()) {
      String theirs = HuggingFaceNames.of(parameter);
      CRC32 start = new CRC32();
      start.update(theirs.getBytes(UTF_8));
      Shape shape = model.shape(parameter);
      float[] values = model.values(parameter);
      assertThat(values).hasSize((int) shape.size());
      int numColumns = parameter.endsWith("/kernel") ? (int) shape.get(1) : 1;
      int numRows = values.length / numColumns;
      for (int i = 0; i < values.length; i++) {
        long theirIndex = i % numColumns * numRows + i / numColumns; // [outputs, inputs]
        long expected = (start.getValue() + theirIndex) % 257 - 128;
        assertThat(values[i]).as("%s, %d", parameter, i).isEqualTo(expected / 64f);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',",
    "POOLER,",
    "MASKED_LANGUAGE_MODEL,",
    "POOLER MASKED_LANGUAGE_MODEL, bert.pooler.dense.bias bert.pooler.dense.weight",
    "POOLER MASKED_LANGUAGE_MODEL NEXT_SENTENCE,",
    "POOLER NEXT_SENTENCE,",
    "POOLER CLASSIFIER,",
    "POOLER NEXT_SENTENCE CLASSIFIER, cls.seq_relationship.bias cls.seq_relationship.weight"
  })
  void thereAndBackEveryBitIsTheSame(String parts, String extra) {
    // given
    ModelDirectory ours = TinyBert.write(folder.resolve("ours"), parts(parts));
    Path theirs = folder.resolve("theirs");
    // when
    HuggingFace.write(ours, theirs);
    try (ForeignModel model = HuggingFace.open(theirs)) {
      new ModelImport(model, theirs).write(folder.resolve("back"));
    }
    // then
    ModelDirectory back = TinyBert.open(folder.resolve("back"));
    assertThat(TinyBert.bits(back.prefix())).isEqualTo(TinyBert.bits(ours.prefix()));
    assertThat(back.config()).isEqualTo(ours.config());
    assertThat(back.vocabulary().tokens()).isEqualTo(ours.vocabulary().tokens());
    assertThat(back.labels()).isEqualTo(ours.labels());
    assertThat(Files.exists(theirs.resolve("extra.safetensors"))).isEqualTo(extra != null);
    if (extra != null) {
      try (Safetensors tensors = Safetensors.open(theirs.resolve("extra.safetensors"))) {
        assertThat(tensors.names()).containsExactly(extra.split(" "));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BertForPreTraining, POOLER MASKED_LANGUAGE_MODEL NEXT_SENTENCE",
    "BertForMaskedLM, MASKED_LANGUAGE_MODEL",
    "BertForMaskedLM, POOLER MASKED_LANGUAGE_MODEL",
    "BertForNextSentencePrediction, POOLER NEXT_SENTENCE",
    "BertForSequenceClassification, POOLER CLASSIFIER",
    "BertForSequenceClassification, POOLER MASKED_LANGUAGE_MODEL NEXT_SENTENCE CLASSIFIER",
    "BertModel, POOLER"
  })
  void theArchitectureFindsTheTensorsItSavesItselfAndNoOther(String architecture, String parts)
      throws Exception {
    // given
    Map<String, Shape> expected = new TreeMap<>();
    for (String line : Files.readAllLines(golden("names.txt"))) {
      String[] words = line.split(" ");
      if (words[0].equals(architecture)) {
        long[] lengths = Stream.of(words).skip(2).mapToLong(Long::parseLong).toArray();
        expected.put(words[1], Shape.of(lengths));
      }
    }
    // when
    HuggingFace.write(TinyBert.write(folder.resolve("ours"), parts(parts)), folder.resolve("hf"));
    // then
    JsonFile config = JsonFile.read(folder.resolve("hf/config.json"), 1 << 20);
    assertThat(config.object().get("architectures")).hasToString("[\"%s\"]", architecture);
    try (Safetensors tensors = Safetensors.open(folder.resolve("hf/model.safetensors"))) {
      Map<String, Shape> written = new TreeMap<>();
      tensors.names().forEach(name -> written.put(name, tensors.shape(name)));
      assertThat(written).isEqualTo(expected);
    }
  }

  @Test
  void writesTheBytesThatTransformersWrote() throws Exception {
    // given
    Path golden = golden("pretraining");
    try (ForeignModel model = HuggingFace.open(golden)) {
      new ModelImport(model, golden).write(folder.resolve("ours"));
    }
    // when
    HuggingFace.write(TinyBert.open(folder.resolve("ours")), folder.resolve("hf"));
    // then
    assertThat(folder.resolve("hf/model.safetensors"))
        .hasSameBinaryContentAs(golden.resolve("model.safetensors"));
    assertThat(JsonFile.read(folder.resolve("hf/tokenizer.json"), 1 << 20).object())
        .isEqualTo(JsonFile.read(golden.resolve("tokenizer.json"), 1 << 20).object());
    // and in the configuration whatever is there says the same
    JsonFile written = JsonFile.read(folder.resolve("hf/config.json"), 1 << 20);
    JsonFile wanted = JsonFile.read(golden.resolve("config.json"), 1 << 20);
    for (Map.Entry<String, ?> key : wanted.object().properties()) {
      if (written.has(key.getKey())) {
        assertThat(written.object().get(key.getKey())).as(key.getKey()).isEqualTo(key.getValue());
      }
    }
  }

  @Test
  void writesEverythingThatGoesWithTheWeights() throws IOException {
    ModelDirectory ours = TinyBert.write(folder.resolve("ours"), parts("POOLER CLASSIFIER"));
    Path theirs = folder.resolve("theirs");
    HuggingFace.write(ours, theirs);
    assertThat(theirs.toFile().list())
        .containsExactlyInAnyOrder(
            "config.json",
            "model.safetensors",
            "special_tokens_map.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "vocab.txt");
    assertThat(Files.readString(theirs.resolve("config.json")))
        .contains("\"problem_type\" : \"single_label_classification\"")
        .contains("\"0\" : \"no\",\n    \"1\" : \"maybe\",\n    \"2\" : \"yes\"")
        .contains("\"no\" : 0,\n    \"maybe\" : 1,\n    \"yes\" : 2")
        .contains("\"pad_token_id\" : 0");
    assertThat(Files.readString(theirs.resolve("tokenizer_config.json")))
        .contains("\"do_lower_case\" : true")
        .contains("\"model_max_length\" : 12")
        .contains("\"mask_token\" : \"[MASK]\"");
    assertThatThrownBy(() -> HuggingFace.write(ours, theirs))
        .isInstanceOf(InteropException.class)
        .hasMessage("%s exists; name another folder, or delete this one", theirs);
  }

  @Test
  void writesNothingOfAModelThatIsNotWhole() throws IOException {
    // given
    ModelDirectory ours = TinyBert.write(folder.resolve("ours"), parts("POOLER CLASSIFIER"));
    Files.delete(ours.file(Labels.FILE_NAME));
    // then
    assertThatThrownBy(() -> HuggingFace.write(ours, folder.resolve("theirs")))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "model %s has a classifier, so it must have a labels.json that names its classes",
            ours.path());
    // and when a tensor turns out to be damaged while it is written
    ModelDirectory damaged = TinyBert.write(folder.resolve("damaged"), Set.of());
    Path data = damaged.file("model.ckpt.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    bytes[bytes.length / 2] ^= 1;
    Files.write(data, bytes);
    assertThatThrownBy(() -> HuggingFace.write(damaged, folder.resolve("theirs")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("model.ckpt");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("ours", "damaged");
  }

  @Test
  void takesTheNamesOfOlderVersions() throws Exception {
    // given: no prefix in one file, gamma and beta, positions, and the tied output beside its
    // source
    Path old = copyOfGolden();
    rewrite(
        old,
        tensors -> {
          Map<String, Tensor> before = new TreeMap<>(tensors);
          tensors.clear();
          before.forEach(
              (name, tensor) ->
                  tensors.put(
                      name.replaceFirst("^bert\\.", "")
                          .replace("LayerNorm.weight", "LayerNorm.gamma")
                          .replace("LayerNorm.bias", "LayerNorm.beta"),
                      tensor));
          tensors.put("embeddings.position_ids", zeros(1, 12));
          tensors.put("cls.predictions.decoder.weight", before.get(EMBEDDINGS));
          tensors.put("cls.predictions.decoder.bias", before.get("cls.predictions.bias"));
          tensors.put("qa_outputs.bias", zeros(2));
          tensors.put("classifier.bias", zeros(2));
        });
    // then
    try (ForeignModel model = HuggingFace.open(old)) {
      assertThat(model.parameters()).hasSize(5 + 2 * 16 + 2 + 5 + 2);
      assertHasGoldenValues(model);
      assertThat(model.unknown()).containsExactly("classifier.bias", "qa_outputs.bias");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cls.predictions.decoder.weight", "cls.predictions.decoder.bias"})
  void refusesAnOutputOfItsOwn(String name) throws Exception {
    Path untied = copyOfGolden();
    rewrite(untied, tensors -> tensors.put(name, name.endsWith("bias") ? zeros(10) : zeros(10, 8)));
    assertThatThrownBy(() -> HuggingFace.open(untied))
        .isInstanceOf(InteropException.class)
        .hasMessageStartingWith(untied + " holds ")
        .hasMessageContaining(name)
        .hasMessageEndingWith(
            "which differ and must be one parameter: the masked-LM head's output is tied to the"
                + " word embeddings here, and a model with one of its own cannot be taken over");
  }

  @Test
  void refusesTwoTensorsForOneParameter() throws Exception {
    Path twice = copyOfGolden();
    rewrite(twice, tensors -> tensors.put("pooler.dense.bias", zeros(8)));
    assertThatThrownBy(() -> HuggingFace.open(twice))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "%s holds bert.pooler.dense.bias and pooler.dense.bias, which differ and must be one"
                + " parameter: delete the one that is not the model's",
            twice);
  }

  @Test
  void padsTheVocabularyToTheEmbeddings() throws Exception {
    // given: as many rows as the next multiple of eight
    Path padded = copyOfGolden();
    rewrite(
        padded,
        tensors -> {
          tensors.put(EMBEDDINGS, zeros(16, 8));
          tensors.put("cls.predictions.bias", zeros(16));
        });
    replaceInConfig(padded, "\"vocab_size\": 10", "\"vocab_size\": 16");
    // when
    try (ForeignModel model = HuggingFace.open(padded)) {
      new ModelImport(model, padded).write(folder.resolve("ours"));
    }
    // then
    ModelDirectory ours = TinyBert.open(folder.resolve("ours"));
    assertThat(ours.vocabulary().tokens())
        .startsWith(TinyBert.VOCABULARY.tokens().toArray(String[]::new))
        .endsWith("[unused1]", "[unused2]", "[unused3]", "[unused4]", "[unused5]", "[unused6]");
  }

  @Test
  void refusesTensorsThatAreNotThoseOfTheConfiguration() throws Exception {
    Path broken = copyOfGolden();
    replaceInConfig(broken, "\"vocab_size\": 10", "\"vocab_size\": 200000000");
    assertRefuses(
        broken,
        EMBEDDINGS
            + " has shape [10, 8], by vocab_size and hidden_size of config.json it must be"
            + " [200000000, 8]");
    replaceInConfig(broken, "\"vocab_size\": 200000000", "\"vocab_size\": 10");
    replaceInConfig(broken, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2000000000");
    assertRefuses(broken, "must have 2000000000 layers, as its configuration says; it has only");
    replaceInConfig(broken, "\"num_hidden_layers\": 2000000000", "\"num_hidden_layers\": 3");
    assertRefuses(broken, "bert/encoder/layer_2/attention/self/query/kernel [8, 8] is missing");
    replaceInConfig(broken, "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2");
    rewrite(broken, tensors -> tensors.put("bert.pooler.dense.weight", zeros(64)));
    assertRefuses(broken, "bert.pooler.dense.weight must have two dimensions, its shape is [64]");
    rewrite(broken, tensors -> tensors.remove("bert.pooler.dense.weight"));
    assertRefuses(broken, "bert/pooler/dense/kernel [8, 8] is missing, though there is a part of");
    rewrite(broken, tensors -> tensors.remove(EMBEDDINGS));
    assertRefuses(broken, "holds no %s, it is no BERT; it holds [bert.".formatted(EMBEDDINGS));
  }

  @Test
  void oneLayerLessInTheConfigurationLeavesTheRestUnknown() throws Exception {
    Path shorter = copyOfGolden();
    replaceInConfig(shorter, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
    try (ForeignModel model = HuggingFace.open(shorter)) {
      assertThat(model.unknown()).hasSize(16).allMatch(name -> name.contains("encoder.layer.1."));
      assertThat(new ModelImport(model, shorter).write(folder.resolve("ours")).unknown())
          .hasSize(16);
    }
  }

  @Test
  void refusesAClassifierThatIsNoMatrix() throws Exception {
    Path broken = copyOfGolden();
    replaceInConfig(broken, "BertForPreTraining", "BertForSequenceClassification");
    rewrite(broken, tensors -> tensors.put("classifier.weight", zeros(8)));
    assertRefuses(broken, "classifier.weight must be [outputs, hidden_size], its shape is [8]");
  }

  @Test
  void refusesWhatIsNoFolder() {
    assertThatThrownBy(() -> HuggingFace.open(folder.resolve("none")))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "a Hugging Face model is a folder with config.json, there is no folder %s",
            folder.resolve("none"));
    assertThatThrownBy(() -> HuggingFace.open(folder))
        .isInstanceOf(InteropException.class)
        .hasMessage("there is no file " + folder.resolve("config.json"));
  }

  private void assertRefuses(Path theirs, String message) {
    assertThatThrownBy(
            () -> {
              try (ForeignModel model = HuggingFace.open(theirs)) {
                new ModelImport(model, theirs).write(folder.resolve("ours"));
              }
            })
        .isInstanceOf(InteropException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(theirs.toString());
    assertThat(folder.resolve("ours")).doesNotExist();
  }

  private static Set<ModelPart> parts(String names) {
    Set<ModelPart> parts = EnumSet.noneOf(ModelPart.class);
    Stream.of(names.split(" "))
        .filter(name -> !name.isEmpty())
        .map(ModelPart::valueOf)
        .forEach(parts::add);
    return parts;
  }

  static Path golden(String name) throws URISyntaxException {
    return Path.of(HuggingFaceTest.class.getResource("transformers/" + name).toURI());
  }

  private Path copyOfGolden() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    for (String name :
        List.of("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(golden("pretraining").resolve(name), copy.resolve(name));
    }
    return copy;
  }

  private static void replaceInConfig(Path theirs, String part, String replacement)
      throws IOException {
    Path file = theirs.resolve("config.json");
    String json = Files.readString(file);
    assertThat(json).contains(part);
    Files.writeString(file, json.replace(part, replacement));
  }

  private record Tensor(Shape shape, float[] values) {}

  private static Tensor zeros(long... lengths) {
    Shape shape = Shape.of(lengths);
    return new Tensor(shape, new float[(int) shape.size()]);
  }

  private static void rewrite(Path theirs, Consumer<Map<String, Tensor>> change)
      throws IOException {
    Path file = theirs.resolve("model.safetensors");
    Map<String, Tensor> tensors = new TreeMap<>();
    try (Safetensors before = Safetensors.open(file)) {
      for (String name : before.names()) {
        tensors.put(name, new Tensor(before.shape(name), before.floats(name)));
      }
    }
    change.accept(tensors);
    TreeMap<String, Shape> shapes = new TreeMap<>();
    tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    Files.delete(file);
    SafetensorsWriter.write(file, shapes, name -> tensors.get(name).values());
  }
}
