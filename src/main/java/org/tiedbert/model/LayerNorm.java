package org.tiedbert.model;

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
    Operand<TFloat32> mean = meanOverFeatures(tf, input); // [T, 1]
    Operand<TFloat32> centred = tf.math.sub(input, mean); // [T, H]
    Operand<TFloat32> variance = meanOverFeatures(tf, tf.math.square(centred)); // [T, 1]
    Operand<TFloat32> epsilon = tf.constant(EncoderConfig.LAYER_NORM_EPSILON);
    Operand<TFloat32> inverse = tf.math.rsqrt(tf.math.add(variance, epsilon)); // [T, 1]
    Operand<TFloat32> scale = tf.math.mul(inverse, gamma); // [T, H]
    return tf.math.add(tf.math.mul(centred, scale), beta); // [T, H]
  }

  private static Operand<TFloat32> meanOverFeatures(Ops tf, Operand<TFloat32> x) {
    return tf.math.mean(x, tf.constant(-1), Mean.keepDims(true));
  }
}
