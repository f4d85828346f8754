package org.tiedbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Two tokens (1, 0) and (0, 1); all four matrices are identities unless said otherwise. */
class SelfAttentionTest {
  private static final float[][] TOKENS = {{1, 0}, {0, 1}};

  @Test
  void oneHeadWeighsTokensByTheSoftmaxOfScaledProducts() {
    // given: scores 1/√2 and 0, so 1/(1 + e^−0.7071068) = 0.6697615
    float[] expected = {0.6697615f, 0.3302385f, 0.3302385f, 0.6697615f};
    // then
    assertThat(attended(1, 0, 0)).containsExactly(expected, within(1e-6f));
  }

  @Test
  void everyHeadHasAScoreOfItsOwnPart() {
    // given: head 0 sees (1), (0): token 0 scores 1 and 0, σ(1) = 0.7310586; token 1 scores 0 and 0
    float[] expected = {0.7310586f, 0.5f, 0.5f, 0.7310586f};
    // then
    assertThat(attended(2, 0, 0)).containsExactly(expected, within(1e-6f));
  }

  @Test
  void nobodyAttendsToPadding() {
    assertThat(attended(1, 0, -10_000)).containsExactly(1, 0, 1, 0);
  }

  private static float[] attended(int numHeads, float firstBias, float secondBias) {
    try (ModelGraph graph = new ModelGraph()) {
      Ops tf = graph.tf();
      EncoderConfig config = new EncoderConfig(9, 2, 2, 2, 1, numHeads, 2, 0, 0, 0.02);
      SelfAttention attention = new SelfAttention(graph.parameters(), "a", config);
      for (String dense : List.of("self/query", "self/key", "self/value", "output/dense")) {
        graph.assign("a/" + dense + "/kernel", 1, 0, 0, 1);
        graph.assign("a/" + dense + "/bias", 0, 0);
      }
      Operand<TFloat32> maskBias =
          tf.constant(new float[][][][] {{{{firstBias, secondBias}}}}); // [1, 1, 1, 2]
      SelfAttention.Attended attended =
          attention.apply(
              tf, SequenceShape.fixed(tf, 1, 2), tf.constant(TOKENS), maskBias, Dropout.none());
      return graph.evaluate(attended.hidden());
    }
  }
}
