package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tiedbert.model.Parameter.Initialization;

/**
 * Two logits from the pooled first token: 0, the second segment follows the first; 1, it is random
 * (Devlin et al. 2018, section 3.1). Dimensions: R sequences, H hidden.
 */
public final class NextSentenceHead {
  private final Operand<TFloat32> outputWeights; // [2, H]
  private final Operand<TFloat32> outputBias; // [2]

  public NextSentenceHead(Parameters parameters, EncoderConfig config) {
    String path = "cls/seq_relationship";
    this.outputWeights =
        parameters.create(
            path + "/output_weights", Initialization.TRUNCATED_NORMAL, 2, config.hiddenSize());
    this.outputBias = parameters.create(path + "/output_bias", Initialization.ZEROS, 2);
  }

  /**
   * @param pooled float32 [R, H]
   * @return float32 [R, 2]
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> pooled) {
    Operand<TFloat32> products =
        tf.linalg.matMul(pooled, outputWeights, MatMul.transposeB(true)); // [R, 2]
    return tf.math.add(products, outputBias); // [R, 2]
  }
}
