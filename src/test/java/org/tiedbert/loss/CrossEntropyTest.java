package org.tiedbert.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

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
      // when
      Output<?>[] gradients =
          graph.addGradients(weighted.asOutput(), new Output<?>[] {logits.asOutput()});
      // then: the first row halved, the second tripled
      float[] expected = {-0.167380f, 0.122364f, 0.045015f, 0.019945f, 0.019945f, -0.039890f};
      assertThat(LossGraph.evaluate(graph, LossGraph.floats(gradients[0])))
          .containsExactly(expected, within(2e-6f));
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
