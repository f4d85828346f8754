package org.tiedbert.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

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
    return CustomGradient.GELU.of(
        tf, tf.math.mul(distribution, x), List.of(x), slope(tf, scaled, distribution));
  }

  /**
   * Φ(x) + x·φ(x) with the normal density φ: with s = x/√2 the second term is s·exp(−s²)/√π, whose
   * exponential TensorFlow's graph optimizer takes in one pass over memory.
   *
   * @param scaled s
   */
  private static Operand<TFloat32> slope(
      Ops tf, Operand<TFloat32> scaled, Operand<TFloat32> distribution) {
    Operand<TFloat32> exponential = tf.math.exp(tf.math.neg(tf.math.square(scaled)));
    Operand<TFloat32> factor =
        tf.math.mul(exponential, tf.constant((float) (1 / Math.sqrt(Math.PI))));
    return tf.math.add(distribution, tf.math.mul(scaled, factor));
  }

  /**
   * ∂L/∂x = ∂L/∂y · slope, in the type of the slope.
   *
   * @param slope float32 or bfloat16
   */
  static <T extends TNumber> Operand<T> gradient(
      Ops tf, Operand<T> slope, Operand<TFloat32> gradient) {
    return tf.math.mul(tf.dtypes.cast(gradient, slope.type()), slope);
  }
}
