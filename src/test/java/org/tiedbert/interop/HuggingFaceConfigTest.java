package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.model.EncoderConfig;

class HuggingFaceConfigTest {
  private static final String SIZES =
      """
      "vocab_size": 10, "hidden_size": 8, "num_hidden_layers": 3, "num_attention_heads": 2,
      "intermediate_size": 16, "max_position_embeddings": 12""";

  @TempDir Path folder;

  @Test
  void whatIsAbsentOrNullIsAsInTransformers() throws IOException {
    // given
    EncoderConfig expected = new EncoderConfig(10, 12, 2, 8, 3, 2, 16, 0.1, 0.1, 0.02);
    // then
    assertThat(read("'model_type': 'bert'").encoder()).isEqualTo(expected);
    assertThat(read("'architectures': ['BertForMaskedLM']").encoder()).isEqualTo(expected);
    assertThat(
            read("""
                    'model_type': null, 'architectures': ['BertModel'], 'hidden_act': null,
                    'hidden_dropout_prob': null, 'pruned_heads': {}, 'type_vocab_size': null""")
                .encoder())
        .isEqualTo(expected);
  }

  @Test
  void readsEveryKey() throws IOException {
    HuggingFaceConfig config =
        read(
            """
            'model_type': 'bert', 'hidden_act': 'gelu_python', 'layer_norm_eps': 1e-12,
            'position_embedding_type': 'absolute', 'is_decoder': false, 'use_cache': true,
            'type_vocab_size': 4, 'hidden_dropout_prob': 0, 'attention_probs_dropout_prob': 0.2,
            'initializer_range': 0.03, 'architectures': ['BertForSequenceClassification']""");
    assertThat(config.encoder()).isEqualTo(new EncoderConfig(10, 12, 4, 8, 3, 2, 16, 0, 0.2, 0.03));
    assertThat(config.classifiesSentences()).isTrue();
    assertThat(read("'architectures': ['BertForTokenClassification']").classifiesSentences())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden_act | \"relu\" | hidden_act relu, it must be gelu, the only activation there is",
        "hidden_act | \"gelu_new\" | hidden_act gelu_new, it must be gelu",
        "hidden_act | 3 | hidden_act must be a string, got 3",
        "layer_norm_eps | 1e-5 | layer_norm_eps 1.0E-5, it must be 1e-12, the only one there is",
        "position_embedding_type | \"relative_key\" | relative_key, it must be absolute",
        "is_decoder | true | is_decoder true, it must be false: only encoders can be had here",
        "add_cross_attention | true | add_cross_attention true, it must be false",
        "is_decoder | \"no\" | is_decoder must be true or false, got \"no\"",
        "pruned_heads | {\"0\": [1]} | pruned_heads {\"0\":[1]}, it must be empty",
        "type_vocab_size | 0 | does not describe a BERT: typeVocabSize must be at least 1, got 0",
        "type_vocab_size | 2.0 | type_vocab_size must be a whole number, got 2.0",
        "hidden_dropout_prob | 1 | hiddenDropoutProb is the probability of dropping and must lie",
        "architectures | \"BertModel\" | architectures must be a list, got \"BertModel\"",
      })
  void refusesWhatIsNoBertOfOurs(String key, String value, String message) throws IOException {
    assertRefuses("\"model_type\": \"bert\", \"%s\": %s".formatted(key, value), message);
  }

  @Test
  void refusesOtherModels() throws IOException {
    assertRefuses("'model_type': 'roberta'", "must have model_type bert, it has roberta");
    assertRefuses(
        "'architectures': ['RobertaModel']",
        "must have model_type bert, it has none; if the model is a BERT, add \"model_type\": \"bert\"");
    assertRefuses("'use_cache': true", "must have model_type bert, it has none");
  }

  @Test
  void refusesFilesThatAreNoConfiguration() throws IOException {
    Path file = folder.resolve("config.json");
    assertThatThrownBy(() -> HuggingFaceConfig.read(folder))
        .isInstanceOf(InteropException.class)
        .hasMessage("there is no file " + file);
    Files.writeString(file, "{\"model_type\": \"bert\", \"vocab_size\": 10}");
    assertRefusesFile("must have a value for max_position_embeddings");
    Files.writeString(file, "{\"vocab_size\": 99999999999, \"model_type\": \"bert\"}");
    assertRefusesFile("vocab_size must be a whole number, got 99999999999");
    Files.writeString(file, "{\"model_type\": \"bert\", \"model_type\": \"bert\"}");
    assertRefusesFile("is no valid JSON: Duplicate field 'model_type'");
    Files.writeString(file, "{} {}");
    assertRefusesFile("is no valid JSON");
    Files.writeString(file, "");
    assertRefusesFile("must hold a JSON object");
    Files.writeString(file, "[".repeat(1_000_000));
    assertRefusesFile("is no valid JSON");
    Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', '}'});
    assertRefusesFile("must be UTF-8, it holds bytes that are not");
    Files.write(file, new byte[(8 << 20) + 1]);
    assertRefusesFile("must have 8388608 bytes or fewer, it has 8388609");
  }

  @Test
  void namesTheClasses() throws IOException {
    assertThat(labels("'id2label': {'0': 'no', '1': 'yes'}", 2)).containsExactly("no", "yes");
    assertThat(labels("'id2label': {'1': 'b', '0': 'a', '2': 'c'}, 'num_labels': 3", 3))
        .containsExactly("a", "b", "c");
    assertThat(labels("'use_cache': true", 2)).containsExactly("LABEL_0", "LABEL_1");
    assertThat(labels("'num_labels': 3", 3)).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    assertThat(labels("'num_labels': 1, 'problem_type': 'regression'", 1))
        .containsExactly("LABEL_0");
    assertThat(labels("'id2label': {'0': 'score'}", 1)).containsExactly("score");
    assertThat(labels("'problem_type': 'single_label_classification'", 2)).hasSize(2);
  }

  @Test
  void refusesClassesThatDoNotFitTheClassifier() throws IOException {
    assertRefusesLabels(
        "'id2label': {'0': 'no', '1': 'yes'}",
        3,
        "the classifier has 3 outputs, id2label names 2 and num_labels is absent");
    assertRefusesLabels(
        "'id2label': {'0': 'no', '1': 'yes'}, 'num_labels': 5",
        2,
        "the classifier has 2 outputs, id2label names 2 and num_labels is 5");
    assertRefusesLabels("'use_cache': true", 3, "the classifier has 3 outputs, id2label names 2");
    assertRefusesLabels("'num_labels': 2000000000", 2, "num_labels is 2000000000");
    assertRefusesLabels(
        "'id2label': {'0': 'no', '2': 'yes'}", 2, "id2label must have a value for 1");
    assertRefusesLabels("'id2label': {'0': 7}", 1, "id2label: 0 must be a string, got 7");
    assertRefusesLabels(
        "'id2label': {'0': 'a', '1': 'a'}", 2, "id2label: labels must be one name or more, each");
    assertRefusesLabels(
        "'problem_type': 'multi_label_classification'",
        2,
        "has problem_type multi_label_classification with 2 outputs; a classifier here names one of"
            + " several classes, single_label_classification, or has one output, regression");
    assertRefusesLabels(
        "'problem_type': 'regression'", 2, "problem_type regression with 2 outputs");
  }

  private List<String> labels(String keys, int numClasses) throws IOException {
    Labels labels = read("'model_type': 'bert', " + keys).labels(numClasses);
    return labels.names();
  }

  private void assertRefusesLabels(String keys, int numClasses, String message) throws IOException {
    HuggingFaceConfig config = read("'model_type': 'bert', " + keys);
    assertThatThrownBy(() -> config.labels(numClasses))
        .isInstanceOf(InteropException.class)
        .hasMessageStartingWith(folder.resolve("config.json").toString())
        .hasMessageContaining(message);
  }

  private void assertRefuses(String keys, String message) throws IOException {
    write(keys);
    assertRefusesFile(message);
  }

  private void assertRefusesFile(String message) {
    assertThatThrownBy(() -> HuggingFaceConfig.read(folder))
        .isInstanceOf(InteropException.class)
        .hasMessageStartingWith(folder.resolve("config.json").toString())
        .hasMessageContaining(message);
  }

  private HuggingFaceConfig read(String keys) throws IOException {
    write(keys);
    return HuggingFaceConfig.read(folder);
  }

  private void write(String keys) throws IOException {
    Files.writeString(
        folder.resolve("config.json"), "{%s, %s}".formatted(keys.replace('\'', '"'), SIZES));
  }
}
