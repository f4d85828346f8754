package org.tiedbert.loss;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.nn.SparseSoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Cross entropy −ln softmax(z)[y] of each row, in nats. The operation gives ∂CE/∂z = softmax(z) − y
 * beside the loss; TensorFlow's C++ gradients have no entry for it, so it is registered here.
 * Dimensions: M rows, C classes.
 */
public final class CrossEntropy {
  static {
    TensorFlow.registerCustomGradient(
        SparseSoftmaxCrossEntropyWithLogits.Inputs.class,
        (tf, op, gradients) -> {
          // ∂L/∂z = ∂L/∂CE · ∂CE/∂z, row by row.
          Operand<TFloat32> backprop = floats(op.getOutputs().op().output(1));
          Operand<TFloat32> perRow =
              tf.expandDims(floats(gradients.get(0)), tf.constant(-1)); // [M, 1]
          // Labels have no gradient, but an operand is asked for; nothing reads it.
          return List.of(tf.math.mul(perRow, backprop), tf.constant(0));
        });
  }

  private CrossEntropy() {}

  /**
   * @param logits float32 [M, C]
   * @param labels int32 [M], each in [0, C)
   * @return float32 [M]
   */
  public static Operand<TFloat32> of(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels) {
    return tf.nn.sparseSoftmaxCrossEntropyWithLogits(logits, labels).loss();
  }

  /**
   * Whether the label has the largest logit; an exact tie counts as right.
   *
   * @return float32 [M], 1 or 0
   */
  static Operand<TFloat32> correct(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels) {
    Operand<TInt32> row = tf.range(tf.constant(0), tf.squeeze(tf.shape(labels)), tf.constant(1));
    Operand<TFloat32> ofLabel = tf.gatherNd(logits, tf.stack(List.of(row, labels), Stack.axis(1L)));
    Operand<TFloat32> largest = tf.max(logits, tf.constant(1)); // [M]
    return tf.dtypes.cast(tf.math.greaterEqual(ofLabel, largest), TFloat32.class);
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloat32> floats(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }
}
