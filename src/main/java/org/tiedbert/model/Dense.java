package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tiedbert.model.Parameter.Initialization;

/** Affine map x·W + b over the last dimension. Dimensions: T rows, I inputs, O outputs. */
final class Dense {
  private final Operand<TFloat32> kernel; // [I, O]
  private final Operand<TFloat32> bias; // [O]

  Dense(Parameters parameters, String path, long inputs, long outputs) {
    this.kernel =
        parameters.create(path + "/kernel", Initialization.TRUNCATED_NORMAL, inputs, outputs);
    this.bias = parameters.create(path + "/bias", Initialization.ZEROS, outputs);
  }

  /**
   * @param input float32 [T, I]
   * @return float32 [T, O]
   */
  Operand<TFloat32> apply(Ops tf, Operand<TFloat32> input) {
    Operand<TFloat32> product = tf.linalg.matMul(input, kernel); // [T, O]
    return tf.nn.biasAdd(product, bias); // [T, O]
  }
}
