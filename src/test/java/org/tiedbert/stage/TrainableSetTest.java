package org.tiedbert.stage;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tiedbert.stage.TrainableSet.Everything;
import org.tiedbert.stage.TrainableSet.NewLayersAndOutput;

class TrainableSetTest {
  private final TrainableSet newLayers = new NewLayersAndOutput(9);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert/encoder/layer_9/attention/self/query/kernel",
        "bert/encoder/layer_11/output/LayerNorm/beta",
        "bert/pooler/dense/kernel",
        "cls/predictions/transform/dense/bias",
        "cls/predictions/output_bias",
        "cls/seq_relationship/output_weights"
      })
  void trainsNewLayersAndOutput(String parameterName) {
    assertTrue(newLayers.contains(parameterName));
    assertTrue(new Everything().contains(parameterName));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bert/embeddings/word_embeddings",
        "bert/embeddings/LayerNorm/gamma",
        "bert/encoder/layer_0/attention/self/query/kernel",
        "bert/encoder/layer_1/attention/self/query/kernel",
        "bert/encoder/layer_8/output/LayerNorm/beta"
      })
  void freezesEmbeddingsAndLowerLayers(String parameterName) {
    assertFalse(newLayers.contains(parameterName));
    assertTrue(new Everything().contains(parameterName));
  }

  @Test
  void refusesANegativeLayer() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NewLayersAndOutput(-1))
        .withMessage("firstNewLayer must be at least 0, got -1");
  }
}
