package org.tiedbert.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.engine.CustomGradients;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Precision;
import org.tiedbert.optim.Gradients;

class CrossEntropyTest {
  private static final float[][] LOGITS = {{2, 1, 0}, {0, 0, 5}};

  @Test
  void isTheNegativeLogarithmOfTheLabelsProbabilityInNats() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      // given: ln(e² + e¹ + e⁰) − 2 = 0.407606 and ln(1 + 1 + e⁵) − 5 = 0.013386
      Operand<TFloat32> loss = CrossEntropy.of(tf, tf.constant(LOGITS), tf.array(0, 2));
      // then
      assertThat(LossGraph.evaluate(graph, loss))
          .containsExactly(new float[] {0.407606f, 0.013386f}, within(1e-6f));
    }
  }

  @Test
  void gradientIsSoftmaxMinusOneHotTimesWhatComesDown() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      // given: softmax (0.665241, 0.244728, 0.090031) and (0.006648, 0.006648, 0.986703)
      Operand<TFloat32> logits = tf.constant(LOGITS);
      Operand<TInt32> labels = tf.array(0, 2);
      Operand<TFloat32> losses = CrossEntropy.of(tf, logits, labels);
      Operand<TFloat32> weighted =
          tf.reduceSum(tf.math.mul(losses, tf.array(0.5f, 3f)), tf.constant(0));
      for (Precision precision : Precision.values()) {
        try (Graph trained = GraphPass.rewrite(graph, List.of(new CustomGradients(precision)))) {
          // when
          Operand<TFloat32> gradient =
              Gradients.of(
                      trained,
                      GraphPass.find(trained, weighted),
                      List.of(GraphPass.find(trained, logits)))
                  .get(0);
          // then: the first row halved, the second tripled
          float[] expected = {-0.167380f, 0.122364f, 0.045015f, 0.019945f, 0.019945f, -0.039890f};
          float[] actual = LossGraph.evaluate(trained, gradient);
          for (int i = 0; i < expected.length; i++) {
            // rounded twice to eight bits, also where it is 3·(0.986703 − 1)
            float rounding = precision == Precision.FLOAT32 ? 0 : 0x1p-7f * Math.abs(expected[i]);
            assertThat(actual[i]).isCloseTo(expected[i], within(2e-6f + rounding));
          }
        }
      }
    }
  }

  @Test
  void logitsFarApartOverflowNothing() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      float[][] logits = {{1000, 0, -1000}, {1000, 0, -1000}, {-1000, -1000, -1000}};
      Operand<TFloat32> loss = CrossEntropy.of(tf, tf.constant(logits), tf.array(0, 2, 1));
      // then: the last is ln 3
      assertThat(LossGraph.evaluate(graph, loss))
          .containsExactly(new float[] {0, 2000, 1.098612f}, within(1e-6f));
    }
  }

  @Test
  void whatIsNoNumberShows() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      float[][] logits = {{Float.NaN, 0}, {Float.POSITIVE_INFINITY, 0}};
      Operand<TFloat32> loss = CrossEntropy.of(tf, tf.constant(logits), tf.array(1, 1));
      for (float value : LossGraph.evaluate(graph, loss)) {
        assertThat(Float.isFinite(value)).isFalse();
      }
    }
  }

  @Test
  void aLabelIsRightIfNoLogitIsLarger() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      float[][] logits = {{2, 1, 0}, {0, 0, 5}, {3, 3, 1}};
      // then
      assertThat(right(graph, tf, logits, 0, 2, 1)).containsExactly(1, 1, 1);
      assertThat(right(graph, tf, logits, 1, 0, 2)).containsExactly(0, 0, 0);
    }
  }

  private static float[] right(Graph graph, Ops tf, float[][] logits, int... labels) {
    return LossGraph.evaluate(
        graph, CrossEntropy.correct(tf, tf.constant(logits), tf.constant(labels)));
  }
}
