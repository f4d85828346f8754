package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.TensorBundleWriter;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.ParameterShapes;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

class GoogleBertTest {
  private static final String CONFIG =
      """
      {
        "attention_probs_dropout_prob": 0.2,
        "hidden_act": "gelu",
        "hidden_dropout_prob": 0.1,
        "hidden_size": 8,
        "initializer_range": 0.03,
        "intermediate_size": 16,
        "max_position_embeddings": 12,
        "num_attention_heads": 2,
        "num_hidden_layers": 2,
        "type_vocab_size": 2,
        "vocab_size": 10
      }
      """;

  @TempDir Path folder;
  private Path google;
  private final Map<String, Shape> tensors = new LinkedHashMap<>();

  @BeforeEach
  void makeFolder() throws IOException {
    google = Files.createDirectory(folder.resolve("google"));
    Files.writeString(google.resolve("bert_config.json"), CONFIG);
    TinyBert.VOCABULARY.write(google.resolve("vocab.txt"));
    tensors.putAll(
        ParameterShapes.of(
            TinyBert.ENCODER,
            EnumSet.of(ModelPart.POOLER, ModelPart.MASKED_LANGUAGE_MODEL, ModelPart.NEXT_SENTENCE),
            1));
  }

  @Test
  void thereAndBackEveryBitIsTheSame() {
    // given
    ModelDirectory ours = TinyBert.write(folder.resolve("ours"));
    Path converted = folder.resolve("converted");
    // when
    GoogleBert.write(ours, converted);
    ModelImport.Report report = importTo(converted, folder.resolve("back"));
    // then
    ModelDirectory back = TinyBert.open(folder.resolve("back"));
    assertThat(TinyBert.bits(back.prefix())).isEqualTo(TinyBert.bits(ours.prefix()));
    assertThat(back.config()).isEqualTo(ours.config());
    assertThat(back.vocabulary().tokens()).isEqualTo(ours.vocabulary().tokens());
    assertThat(back.labels()).contains(TinyBert.LABELS);
    assertThat(back.parts()).isEqualTo(EnumSet.allOf(ModelPart.class));
    assertThat(report.unknown()).isEmpty();
    assertThat(report.trainingState()).isEmpty();
  }

  @Test
  void writesGooglesNamesAndKeysAndNothingElse() throws IOException {
    // given
    ModelDirectory ours =
        TinyBert.write(folder.resolve("ours"), EnumSet.of(ModelPart.MASKED_LANGUAGE_MODEL));
    Path converted = folder.resolve("converted");
    // when
    GoogleBert.write(ours, converted);
    // then
    assertThat(converted.toFile().list())
        .containsExactlyInAnyOrder(
            "bert_model.ckpt.index",
            "bert_model.ckpt.data-00000-of-00001",
            "bert_config.json",
            "vocab.txt");
    assertThat(Files.readString(converted.resolve("bert_config.json")).replace("\" :", "\":"))
        .isEqualTo(CONFIG);
    assertThat(Files.readString(converted.resolve("vocab.txt")))
        .isEqualTo(String.join("\n", TinyBert.VOCABULARY.tokens()) + "\n");
    // 5 of the embeddings, 16 a layer, 5 of the head
    assertThat(TinyBert.bits(converted.resolve("bert_model.ckpt"))).hasSize(5 + 2 * 16 + 5);
    // and over what is there
    assertThatThrownBy(() -> GoogleBert.write(ours, converted))
        .isInstanceOf(InteropException.class)
        .hasMessage("%s exists; name another folder, or delete this one", converted);
  }

  @Test
  void tellsTrainingStateFromWhatItDoesNotKnow() throws IOException {
    // given
    tensors.put("bert/pooler/dense/kernel/adam_m", Shape.of(8, 8));
    tensors.put("bert/pooler/dense/kernel/adam_v", Shape.of(8, 8));
    tensors.put("cls/squad/output_bias", Shape.of(2));
    save("weights");
    saveStep("step");
    merge("weights", "step", "bert_model.ckpt");
    // when
    ModelImport.Report report = importTo(google, folder.resolve("model"));
    // then
    assertThat(report.trainingState())
        .containsExactly(
            "bert/pooler/dense/kernel/adam_m", "bert/pooler/dense/kernel/adam_v", "global_step");
    assertThat(report.unknown()).containsExactly("cls/squad/output_bias");
    assertThat(report.labels()).isEmpty();
    assertThat(report.parts())
        .containsExactly(
            ModelPart.POOLER, ModelPart.MASKED_LANGUAGE_MODEL, ModelPart.NEXT_SENTENCE);
    // words, segments, positions: 10 + 2 + 12; a layer: 4·8·8 + 2·8·16 and 9·8 + 16 of vectors;
    // pooler; head: 8·8 + 8 + 2·8 + 10; sentences: 2·8 + 2
    assertThat(report.numParameters())
        .isEqualTo(24 * 8 + 16 + 2 * (4 * 64 + 2 * 128 + 9 * 8 + 16) + 72 + 98 + 18);
  }

  @Test
  void theOnlyCheckpointOfAFineTuningIsTakenAndItsClassesNumbered() throws IOException {
    // given
    tensors.put("output_weights", Shape.of(3, 8));
    tensors.put("output_bias", Shape.of(3));
    save("model.ckpt-343");
    // when, then
    assertThat(importTo(google, folder.resolve("model")).labels())
        .contains(new Labels(List.of("LABEL_0", "LABEL_1", "LABEL_2")));
    // and when there are two
    save("model.ckpt-200");
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "%s holds the checkpoints [model.ckpt-200, model.ckpt-343]; put the .index and .data"
                + " files of one of them into a folder of their own, with bert_config.json and"
                + " vocab.txt",
            google);
    // and when one of them has the name of a released model
    save("bert_model.ckpt");
    GoogleBert.open(google).close();
  }

  @Test
  void writesNoClassifierWhoseClassesHaveNoNames() throws IOException {
    // given
    ModelDirectory ours = TinyBert.write(folder.resolve("ours"));
    Files.delete(ours.file(Labels.FILE_NAME));
    // then
    assertThatThrownBy(() -> GoogleBert.write(ours, folder.resolve("theirs")))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "model %s has a classifier, so it must have a labels.json that names its classes",
            ours.path());
    assertThat(folder.resolve("theirs")).doesNotExist();
  }

  @Test
  void theVocabularyShowsWhetherTextIsLowered() throws IOException {
    save("bert_model.ckpt");
    for (Map.Entry<String, Boolean> token :
        Map.of("deep", true, "Sea", false, "##A", false, "né", false, "[unused1]", true, "海", true)
            .entrySet()) {
      List<String> tokens = new ArrayList<>(TinyBert.VOCABULARY.tokens());
      tokens.set(6, token.getKey());
      Vocabulary.of(tokens).write(google.resolve("vocab.txt"));
      try (ForeignModel model = GoogleBert.open(google)) {
        assertThat(model.config().lowerCase()).as(token.getKey()).isEqualTo(token.getValue());
      }
    }
    // and our own files say it, and whoever imports says it over both
    Files.write(
        google.resolve("bert_config.json"), new BertConfig(TinyBert.ENCODER, false).bytes());
    try (ForeignModel model = GoogleBert.open(google)) {
      assertThat(model.config().lowerCase()).isFalse();
      ModelImport made = new ModelImport(model, google).withLowerCase(true);
      assertThat(made.write(folder.resolve("model")).config().lowerCase()).isTrue();
      assertThat(TinyBert.open(folder.resolve("model")).config().lowerCase()).isTrue();
    }
  }

  @Test
  void everythingMissingOrMisshapenIsListedAtOnce() throws IOException {
    // given
    tensors.remove("bert/embeddings/word_embeddings");
    tensors.remove("cls/predictions/output_bias");
    tensors.put("bert/pooler/dense/bias", Shape.of(9));
    tensors.put("bert/encoder/layer_2/output/dense/bias", Shape.of(8));
    save("bert_model.ckpt");
    // when, then
    assertThatThrownBy(() -> importTo(google, folder.resolve("model")))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            """
            %s is not the model of 2 layers of 8 hidden units that its configuration says:
              bert/embeddings/word_embeddings [10, 8] is missing
              bert/pooler/dense/bias must be [8], it is [9]
              cls/predictions/output_bias [10] is missing, though there is a part of its masked-LM head
              bert/encoder/layer_2/output/dense/bias belongs to no layer of it"""
                .formatted(google));
    assertThat(folder.resolve("model")).doesNotExist();
  }

  @Test
  void ofManyProblemsTheFirstAreListed() throws IOException {
    // given
    tensors.keySet().removeIf(name -> name.startsWith("bert/encoder/layer_1/"));
    save("bert_model.ckpt");
    // when, then
    assertThatThrownBy(() -> importTo(google, folder.resolve("model")))
        .hasMessageContaining("layer_1/attention/self/query/kernel [8, 8] is missing\n")
        .hasMessageEndingWith("\n  and 6 more");
    // and of far too many layers no graph is made
    config("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2000000000");
    assertThatThrownBy(() -> importTo(google, folder.resolve("model")))
        .hasMessage(
            "%s must have 2000000000 layers, as its configuration says; it has only %d parameters in all",
            google, 5 + 16 + 2 + 5 + 2);
  }

  @Test
  void aSentenceLevelHeadNeedsAPooler() throws IOException {
    tensors.keySet().removeIf(name -> name.startsWith("bert/pooler/"));
    save("bert_model.ckpt");
    assertThatThrownBy(() -> importTo(google, folder.resolve("model")))
        .hasMessageContaining("its sentence-level head reads a pooler, which it does not have");
  }

  @Test
  void otherFormatsOfTensorFlowAreRefusedWithTheWayOut() throws IOException {
    Files.writeString(google.resolve("bert_model.ckpt"), "first format");
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "%1$s is a checkpoint of TensorFlow's first format, which is not read here; restore it"
                + " with tf.compat.v1.train.Saver in Python and save it again, which writes"
                + " bert_model.ckpt.index and bert_model.ckpt.data-*",
            google.resolve("bert_model.ckpt"));
    tensors.clear();
    tensors.put("model/layer-0/kernel/.ATTRIBUTES/VARIABLE_VALUE", Shape.of(2));
    save("bert_model.ckpt");
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessageContaining("is an object-based checkpoint of TensorFlow 2");
  }

  @Test
  void refusesWhatIsNoSuchFolder() throws IOException {
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "%s holds no checkpoint: a google-research/bert folder has bert_model.ckpt.index,"
                + " bert_model.ckpt.data-*, bert_config.json and vocab.txt",
            google);
    Path nothing = folder.resolve("nothing");
    assertThatThrownBy(() -> GoogleBert.open(nothing))
        .isInstanceOf(InteropException.class)
        .hasMessage("there is no folder %s", nothing);
    Path other = Files.createFile(google.resolve("config.json"));
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "%s holds no bert_model.ckpt.index but config.json, which folders of Hugging Face have;"
                + " import it as one",
            google);
    Files.delete(other);
    save("bert_model.ckpt");
    config("\"vocab_size\": 10", "\"vocab_size\": 11");
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "%s: vocab.txt must have vocab_size=11 tokens, as bert_config.json says; it has 10. For"
                + " rows that no token has, add lines [unused0], [unused1] and so on",
            google);
    Files.delete(google.resolve("bert_config.json"));
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessageContaining("there is no file %s", google.resolve("bert_config.json"));
  }

  @Test
  void refusesConfigurationsOfOtherModelsNamingAllThatIsWrong() throws IOException {
    save("bert_model.ckpt");
    config("\"gelu\"", "\"relu\"");
    config("\"hidden_size\": 8,", "\"hidden_size\": 8.5, \"embedding_size\": 4,");
    config("\"type_vocab_size\": 2,", "");
    config("\"initializer_range\": 0.03", "\"initializer_range\": \"0.03\"");
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessage(
            "%s: [type_vocab_size] missing; [embedding_size] unknown to google-research/bert; if"
                + " the model is the same without, take them out; hidden_act is \"relu\", the only"
                + " activation there is here is \"gelu\"; hidden_size must be a whole number, it is"
                + " 8.5; initializer_range must be a number, it is \"0.03\"",
            google.resolve("bert_config.json"));
    Files.writeString(google.resolve("bert_config.json"), CONFIG);
    config("\"num_attention_heads\": 2", "\"num_attention_heads\": 3");
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InteropException.class)
        .hasMessageContaining("hiddenSize must be a multiple of numAttentionHeads, got 8 and 3");
    // and the keys of Google's multilingual models change nothing
    Files.writeString(google.resolve("bert_config.json"), CONFIG);
    config("\"gelu\",", "\"gelu\", \"directionality\": \"bidi\", \"pooler_fc_size\": 768,");
    GoogleBert.open(google).close();
  }

  @Test
  void namesTheParameterWhoseValuesAreNoneItHas() throws IOException {
    save("bert_model.ckpt");
    try (ForeignModel model = GoogleBert.open(google)) {
      assertThat(model.shape("bert/pooler/dense/bias")).isEqualTo(Shape.of(8));
      assertThatThrownBy(() -> model.values("output_bias"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("output_bias is none of the 46 parameters there are");
    }
  }

  @Test
  void aDamagedVocabularyIsRefusedNamingTheLine() throws IOException {
    save("bert_model.ckpt");
    byte[] vocabulary = TinyBert.VOCABULARY.bytes();
    vocabulary[vocabulary.length - 2] = (byte) 0xff;
    Files.write(google.resolve("vocab.txt"), vocabulary);
    assertThatThrownBy(() -> GoogleBert.open(google))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("line 10: a vocabulary must be UTF-8");
  }

  private void config(String from, String to) throws IOException {
    Path file = google.resolve("bert_config.json");
    assertThat(Files.readString(file)).contains(from);
    Files.writeString(file, Files.readString(file).replace(from, to));
  }

  private void save(String prefix) throws IOException {
    new TensorBundleWriter(tensors, name -> TinyBert.values(name, tensors.get(name)))
        .write(google.resolve(prefix));
  }

  private void saveStep(String prefix) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      session
          .runner()
          .addTarget(
              tf.train.save(
                  tf.constant(google.resolve(prefix).toString()),
                  tf.array("global_step"),
                  tf.array(""),
                  List.of(tf.constant(1_000_000L))))
          .run()
          .close();
    }
  }

  private void merge(String one, String other, String both) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      session
          .runner()
          .addTarget(
              tf.train.mergeV2Checkpoints(
                  tf.array(google.resolve(one).toString(), google.resolve(other).toString()),
                  tf.constant(google.resolve(both).toString())))
          .run()
          .close();
    }
  }

  private static ModelImport.Report importTo(Path from, Path target) {
    try (ForeignModel model = GoogleBert.open(from)) {
      return new ModelImport(model, from).write(target);
    }
  }
}
