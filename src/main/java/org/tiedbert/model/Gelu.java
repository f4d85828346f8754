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
    return CustomGradient.GELU.of(tf, tf.math.mul(distribution, x), x);
  }

  /** ∂L/∂x = ∂L/∂y · (Φ(x) + x·φ(x)) with the normal density φ. */
  static Operand<TFloat32> gradient(Ops tf, Operand<TFloat32> x, Operand<TFloat32> gradient) {
    Operand<TFloat32> scaled = tf.math.mul(x, tf.constant((float) Math.sqrt(0.5)));
    Operand<TFloat32> twice = tf.math.add(tf.math.erf(scaled), tf.constant(1f)); // 2·Φ(x)
    Operand<TFloat32> exponent =
        tf.math.mul(tf.math.mul(scaled, tf.constant(-1f)), scaled); // −x²/2
    Operand<TFloat32> density =
        tf.math.mul(tf.math.exp(exponent), tf.constant((float) Math.sqrt(2 / Math.PI))); // 2·φ(x)
    Operand<TFloat32> slope = tf.math.add(twice, tf.math.mul(x, density));
    return tf.math.mul(tf.math.mul(gradient, tf.constant(0.5f)), slope);
  }
}
