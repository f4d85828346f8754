package org.tiedbert.optim;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert/embeddings/word_embeddings",
        "bert/embeddings/position_embeddings",
        "bert/embeddings/token_type_embeddings",
        "bert/encoder/layer_3/attention/self/query/kernel",
        "bert/encoder/layer_3/output/dense/kernel",
        "bert/pooler/dense/kernel",
        "cls/predictions/transform/dense/kernel",
        "cls/seq_relationship/output_weights"
      })
  void decaysMatrices(String parameterName) {
    assertTrue(Optimizer.decays(parameterName));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert/embeddings/LayerNorm/gamma",
        "bert/encoder/layer_3/attention/self/query/bias",
        "bert/encoder/layer_3/output/LayerNorm/beta",
        "cls/predictions/transform/LayerNorm/gamma",
        "cls/predictions/output_bias",
        "cls/seq_relationship/output_bias"
      })
  void leavesBiasesAndLayerNormAlone(String parameterName) {
    assertFalse(Optimizer.decays(parameterName));
  }
}
