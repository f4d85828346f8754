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
        tf, tf.math.mul(distribution, x), List.of(x), slope(tf, x, distribution));
  }

  /** Φ(x) + x·φ(x) with the normal density φ(x) = exp(−x²/2)/√(2π). */
  private static Operand<TFloat32> slope(
      Ops tf, Operand<TFloat32> x, Operand<TFloat32> distribution) {
    Operand<TFloat32> exponent = tf.math.mul(tf.math.square(x), tf.constant(-0.5f));
    Operand<TFloat32> density =
        tf.math.mul(tf.math.exp(exponent), tf.constant((float) Math.sqrt(0.5 / Math.PI)));
    return tf.math.add(distribution, tf.math.mul(x, density));
  }

  /**
   * ∂L/∂x = ∂L/∂y · slope, in the type of the slope.
   *
   * @param slope float32 or bfloat16
   */
  @SuppressWarnings("unchecked")
  static Operand<?> gradient(Ops tf, Operand<?> slope, Operand<TFloat32> gradient) {
    Operand<? extends TNumber> factor = (Operand<? extends TNumber>) slope;
    return product(tf, factor, gradient);
  }

  private static <T extends TNumber> Operand<T> product(
      Ops tf, Operand<T> slope, Operand<TFloat32> gradient) {
    return tf.math.mul(tf.dtypes.cast(gradient, slope.type()), slope);
  }
}
