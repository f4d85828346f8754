package org.tiedbert.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Two sequences of three tokens and two features, the last token of the second being padding, and
 * one that is padding altogether. The second view is zero, so differences are the features.
 */
class FeatureLevelTest {
  private static final float[][][] FEATURES = {
    {{1, 2}, {3, 0}, {-1, 1}}, {{2, -2}, {0, 4}, {50, 60}}, {{70, 80}, {90, 10}, {20, 30}}
  };
  private static final float[][] REAL = {{1, 1, 1}, {1, 1, 0}, {0, 0, 0}};

  @Test
  void clsIsTheMeanOverFirstTokens() {
    // (1 + 4 + 4 + 4) / (2 sequences · 2 features)
    assertEquals(13 / 4.0, meanSquaredError(FeatureLevel.CLS), 1e-6);
  }

  @Test
  void wordIsTheMeanOverRealTokens() {
    // (1 + 4 + 9 + 0 + 1 + 1) + (4 + 4 + 0 + 16) over 5 tokens · 2 features
    assertEquals(40 / 10.0, meanSquaredError(FeatureLevel.WORD), 1e-6);
  }

  @Test
  void sentenceIsTheMeanOverMeansOfRealTokens() {
    // means (1, 1) and (1, 1)
    assertEquals(4 / 4.0, meanSquaredError(FeatureLevel.SENTENCE), 1e-6);
  }

  @Test
  void theCountsMayBeThoseOfALargerBatch() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      // given: 20 real tokens in 8 sequences
      Denominators larger = new Denominators(tf.array(1f, 1f, 20f, 8f), 2);
      // then
      assertEquals(13 / 16.0, meanSquaredError(graph, tf, FeatureLevel.CLS, larger), 1e-6);
      assertEquals(40 / 40.0, meanSquaredError(graph, tf, FeatureLevel.WORD, larger), 1e-6);
      assertEquals(4 / 16.0, meanSquaredError(graph, tf, FeatureLevel.SENTENCE, larger), 1e-6);
    }
  }

  private static double meanSquaredError(FeatureLevel level) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> weights = tf.constant(new float[3][2][1]);
      Denominators own = Denominators.count(tf, weights, tf.constant(REAL), 2);
      return meanSquaredError(graph, tf, level, own);
    }
  }

  private static double meanSquaredError(
      Graph graph, Ops tf, FeatureLevel level, Denominators denominators) {
    Operand<TFloat32> features = tf.constant(FEATURES);
    Operand<TFloat32> other = tf.constant(new float[3][3][2]);
    return LossGraph.evaluate(
        graph,
        level.meanSquaredError(tf, List.of(features, other), tf.constant(REAL), denominators))[0];
  }
}
