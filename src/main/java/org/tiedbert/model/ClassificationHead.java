package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tiedbert.model.Parameter.Initialization;

/**
 * p·Wᵀ + b, a sentence-level head on the pooled first token, after dropout (Devlin et al. 2018,
 * section 4; the names are those of its code). Dimensions: R sequences, H hidden, C classes.
 */
public final class ClassificationHead {
  private final EncoderConfig config;
  private final Operand<TFloat32> outputWeights; // [C, H]
  private final Operand<TFloat32> outputBias; // [C]

  /**
   * @param numClasses C; 1 for a regression
   */
  public ClassificationHead(Parameters parameters, EncoderConfig config, int numClasses) {
    this.config = config;
    this.outputWeights =
        parameters.create(
            "output_weights", Initialization.TRUNCATED_NORMAL, numClasses, config.hiddenSize());
    this.outputBias = parameters.create("output_bias", Initialization.ZEROS, numClasses);
  }

  /**
   * @param pooled float32 [R, H]
   * @return float32 [R, C]
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> pooled, Dropout dropout) {
    Operand<TFloat32> kept =
        dropout.apply(tf, config.hiddenDropoutProb(), "classifier", pooled); // [R, H]
    Operand<TFloat32> products =
        tf.linalg.matMul(kept, outputWeights, MatMul.transposeB(true)); // [R, C]
    return tf.math.add(products, outputBias); // [R, C]
  }
}
