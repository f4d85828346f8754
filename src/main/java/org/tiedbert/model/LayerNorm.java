package org.tiedbert.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tiedbert.model.Parameter.Initialization;

/**
 * Layer normalisation γ·(x − μ)/√(σ² + ε) + β over the last dimension, ε = 1e-12 (Ba et al. 2016,
 * eq. 3 and 4). Dimensions: T rows, H features.
 */
final class LayerNorm {
  private final Operand<TFloat32> gamma; // [H]
  private final Operand<TFloat32> beta; // [H]

  LayerNorm(Parameters parameters, String path, long numFeatures) {
    this.gamma = parameters.create(path + "/gamma", Initialization.ONES, numFeatures);
    this.beta = parameters.create(path + "/beta", Initialization.ZEROS, numFeatures);
  }

  /**
   * @param input float32 [T, H]
   * @return float32 [T, H]
   */
  Operand<TFloat32> apply(Ops tf, Operand<TFloat32> input) {
    Operand<TFloat32> centred = tf.math.sub(input, meanOverFeatures(tf, input)); // [T, H]
    Operand<TFloat32> variance = meanOverFeatures(tf, tf.math.square(centred)); // [T, 1]
    Operand<TFloat32> epsilon = tf.constant(EncoderConfig.LAYER_NORM_EPSILON);
    Operand<TFloat32> inverse = tf.math.rsqrt(tf.math.add(variance, epsilon)); // [T, 1]
    Operand<TFloat32> rows = tf.math.mul(centred, inverse); // x̂ [T, H]
    Operand<TFloat32> scaled = tf.math.add(tf.math.mul(rows, gamma), beta); // [T, H]
    return CustomGradient.LAYER_NORM.of(
        tf, scaled, List.of(input, gamma, beta), gamma, rows, inverse);
  }

  /**
   * With h = γ·∂L/∂y: ∂L/∂x = (h − mean(h) − x̂·mean(h·x̂))/√(σ² + ε), ∂L/∂γ = Σ x̂·∂L/∂y and ∂L/∂β
   * = Σ ∂L/∂y, sums over rows.
   *
   * @param rows float32 [T, H], x̂ = (x − μ)/√(σ² + ε)
   * @param inverse float32 [T, 1], 1/√(σ² + ε)
   * @param gradient float32 [T, H], ∂L/∂y
   * @return those of x, γ and β
   */
  static List<Operand<TFloat32>> gradients(
      Ops tf,
      Operand<TFloat32> gamma,
      Operand<TFloat32> rows,
      Operand<TFloat32> inverse,
      Operand<TFloat32> gradient) {
    Operand<TFloat32> product = tf.math.mul(gradient, rows);
    Operand<TFloat32> h = tf.math.mul(gradient, gamma);
    Operand<TFloat32> along = meanOverFeatures(tf, tf.math.mul(product, gamma)); // [T, 1]
    Operand<TFloat32> centred = tf.math.sub(h, meanOverFeatures(tf, h));
    Operand<TFloat32> ofInput =
        tf.math.mul(tf.math.sub(centred, tf.math.mul(rows, along)), inverse);
    return List.of(
        ofInput, tf.reduceSum(product, tf.constant(0)), tf.reduceSum(gradient, tf.constant(0)));
  }

  private static Operand<TFloat32> meanOverFeatures(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(-1), Mean.keepDims(true));
  }
}
