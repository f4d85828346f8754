package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tiedbert.model.ModelPart;

class HuggingFaceNamesTest {
  @ParameterizedTest
  @CsvSource({
    "bert/embeddings/word_embeddings, bert.embeddings.word_embeddings.weight, false",
    "bert/embeddings/LayerNorm/gamma, bert.embeddings.LayerNorm.weight, false",
    "bert/encoder/layer_11/attention/self/query/kernel, bert.encoder.layer.11.attention.self.query.weight, true",
    "bert/encoder/layer_11/attention/self/query/bias, bert.encoder.layer.11.attention.self.query.bias, false",
    "bert/encoder/layer_0/output/LayerNorm/beta, bert.encoder.layer.0.output.LayerNorm.bias, false",
    "bert/pooler/dense/kernel, bert.pooler.dense.weight, true",
    "cls/predictions/transform/dense/kernel, cls.predictions.transform.dense.weight, true",
    "cls/predictions/output_bias, cls.predictions.bias, false",
    "cls/seq_relationship/output_weights, cls.seq_relationship.weight, false",
    "cls/seq_relationship/output_bias, cls.seq_relationship.bias, false",
    "output_weights, classifier.weight, false",
    "output_bias, classifier.bias, false"
  })
  void leadBothWays(String ours, String theirs, boolean transposed) {
    assertThat(HuggingFaceNames.of(ours)).isEqualTo(theirs);
    assertThat(HuggingFaceNames.isTransposed(ours)).isEqualTo(transposed);
    assertThat(names(12).ours(theirs)).contains(ours);
  }

  @Test
  void olderNamesAndCopiesAreThoseOfTheSameParameter() {
    assertThat(HuggingFaceNames.allOf("bert/embeddings/LayerNorm/beta"))
        .containsExactly(
            "bert.embeddings.LayerNorm.bias",
            "bert.embeddings.LayerNorm.beta",
            "embeddings.LayerNorm.bias",
            "embeddings.LayerNorm.beta");
    assertThat(HuggingFaceNames.allOf("bert/embeddings/word_embeddings"))
        .containsExactly(
            "bert.embeddings.word_embeddings.weight",
            "embeddings.word_embeddings.weight",
            "cls.predictions.decoder.weight");
    assertThat(HuggingFaceNames.allOf("cls/predictions/output_bias"))
        .containsExactly("cls.predictions.bias", "cls.predictions.decoder.bias");
    assertThat(names(2).ours("encoder.layer.1.output.LayerNorm.gamma"))
        .contains("bert/encoder/layer_1/output/LayerNorm/gamma");
  }

  @ParameterizedTest
  @CsvSource({
    "bert.encoder.layer.2.output.dense.bias", // of two layers
    "bert.encoder.layer.01.output.dense.bias",
    "bert.encoder.layer.99999999999.output.dense.bias",
    "bert.encoder.layer.-1.output.dense.bias",
    "bert.encoder.layer.0.crossattention.self.query.bias",
    "bert.bert.pooler.dense.bias",
    "bert.cls.predictions.bias",
    "model.bert.pooler.dense.bias",
    "bert.classifier.bias",
    "qa_outputs.weight"
  })
  void othersAreUnknown(String theirs) {
    assertThat(names(2).ours(theirs)).isEmpty();
  }

  @Test
  void positionsAreNoParameter() {
    assertThat(HuggingFaceNames.isRedundant("bert.embeddings.position_ids")).isTrue();
    assertThat(HuggingFaceNames.isRedundant("embeddings.position_ids")).isTrue();
    assertThat(HuggingFaceNames.isRedundant("embeddings.position_embeddings.weight")).isFalse();
  }

  @Test
  void transposesRowsAndColumns() {
    assertThat(HuggingFaceNames.transposed(new float[] {1, 2, 3, 4, 5, 6}, 2, 3))
        .containsExactly(1, 4, 2, 5, 3, 6);
  }

  private static HuggingFaceNames names(int numLayers) {
    return new HuggingFaceNames(
        TinyBert.ENCODER.withNumHiddenLayers(numLayers), EnumSet.allOf(ModelPart.class));
  }
}
