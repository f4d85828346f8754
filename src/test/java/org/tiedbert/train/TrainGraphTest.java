package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;

class TrainGraphTest {
  @Test
  void refusesToTrainWhatTheLossDoesNotReach() {
    // given: nothing but the next-sentence head reads the pooler
    ForwardGraph.Settings forward =
        ReferenceBertSetup.forward(0, 0, 2, new LossConfig(1, FeatureLevel.CLS, false), 2);
    // then
    assertThatThrownBy(
            () -> ReferenceBertSetup.open(forward, ReferenceBertSetup.FLOAT32, name -> true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'bert/pooler/dense/kernel/value' as it's unreachable");
  }

  @Test
  void parametersHaveTheNamesOfGooglesBert() {
    // given: google-research/bert's modeling.py and run_pretraining.py
    ForwardGraph.Settings forward =
        ReferenceBertSetup.forward(0, 0, 2, new LossConfig(1, FeatureLevel.CLS, true), 2);
    // when
    try (StageSession session =
        ReferenceBertSetup.open(forward, ReferenceBertSetup.FLOAT32, name -> true)) {
      List<String> names = ReferenceBertSetup.parameterNames(session);
      // then
      assertThat(names)
          .hasSize(5 + 2 * 16 + 2 + 5 + 2)
          .contains(
              "bert/embeddings/word_embeddings",
              "bert/embeddings/token_type_embeddings",
              "bert/embeddings/position_embeddings",
              "bert/embeddings/LayerNorm/beta",
              "bert/embeddings/LayerNorm/gamma",
              "bert/encoder/layer_1/attention/self/query/kernel",
              "bert/encoder/layer_1/attention/self/key/bias",
              "bert/encoder/layer_1/attention/self/value/kernel",
              "bert/encoder/layer_1/attention/output/dense/kernel",
              "bert/encoder/layer_1/attention/output/LayerNorm/gamma",
              "bert/encoder/layer_1/intermediate/dense/kernel",
              "bert/encoder/layer_1/output/dense/bias",
              "bert/encoder/layer_1/output/LayerNorm/beta",
              "bert/pooler/dense/kernel",
              "cls/predictions/transform/dense/kernel",
              "cls/predictions/transform/LayerNorm/gamma",
              "cls/predictions/output_bias",
              "cls/seq_relationship/output_weights",
              "cls/seq_relationship/output_bias");
    }
  }
}
