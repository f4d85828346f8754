package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * x·Φ(x) with the exact normal distribution function, (1 + erf(x/√2))/2 (Hendrycks 2016, eq. 1), in
 * the order of operations that TensorFlow's graph optimizer fuses with the product before it.
 */
final class Gelu {
  private Gelu() {}

  static Operand<TFloat32> of(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> scaled = tf.math.mul(x, tf.constant((float) Math.sqrt(0.5)));
    Operand<TFloat32> twice = tf.math.add(tf.math.erf(scaled), tf.constant(1f)); // 2·Φ(x)
    Operand<TFloat32> distribution = tf.math.mul(twice, tf.constant(0.5f)); // Φ(x)
    return tf.math.mul(distribution, x);
  }
}
