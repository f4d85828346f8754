package org.tiedbert.loss;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.model.CustomGradient;

/**
 * Cross entropy −ln softmax(z)[y] of each row, in nats: with the row's largest logit m and the
 * largest probability p, which is that of m, it is m − ln p − z[y]. Dimensions: M rows, C classes.
 */
public final class CrossEntropy {
  private CrossEntropy() {}

  /**
   * @param logits float32 [M, C]
   * @param labels int32 [M], each in [0, C)
   * @return float32 [M]
   */
  public static Operand<TFloat32> of(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels) {
    Operand<TFloat32> probs = tf.nn.softmax(logits); // [M, C]
    Operand<TFloat32> largest = tf.max(probs, tf.constant(1)); // [M]
    Operand<TInt32> places = places(tf, labels);
    Operand<TFloat32> above =
        tf.math.sub(tf.max(logits, tf.constant(1)), tf.gatherNd(logits, places));
    Operand<TFloat32> value = tf.math.sub(above, tf.math.log(largest));
    return CustomGradient.CROSS_ENTROPY.of(tf, value, List.of(logits), probs, places, value);
  }

  /** Where labels are among the logits, int32 [M, 2]. */
  private static Operand<TInt32> places(Ops tf, Operand<TInt32> labels) {
    Operand<TInt32> row = tf.range(tf.constant(0), tf.squeeze(tf.shape(labels)), tf.constant(1));
    return tf.stack(List.of(row, labels), Stack.axis(1L));
  }

  /**
   * Whether the label has the largest logit; an exact tie counts as right.
   *
   * @return float32 [M], 1 or 0
   */
  static Operand<TFloat32> correct(Ops tf, Operand<TFloat32> logits, Operand<TInt32> labels) {
    Operand<TFloat32> ofLabel = tf.gatherNd(logits, places(tf, labels));
    Operand<TFloat32> largest = tf.max(logits, tf.constant(1)); // [M]
    return tf.dtypes.cast(tf.math.greaterEqual(ofLabel, largest), TFloat32.class);
  }
}
