package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Position-wise feed-forward network, GELU(x·W₁ + b₁)·W₂ + b₂ (Vaswani et al. 2017, eq. 2, with
 * BERT's activation). Dimensions: T tokens, H hidden.
 */
final class FeedForward {
  private final Dense intermediate;
  private final Dense output;

  FeedForward(Parameters parameters, String path, EncoderConfig config) {
    this.intermediate =
        new Dense(
            parameters,
            path + "/intermediate/dense",
            config.hiddenSize(),
            config.intermediateSize());
    this.output =
        new Dense(
            parameters, path + "/output/dense", config.intermediateSize(), config.hiddenSize());
  }

  /**
   * @param hidden float32 [T, H]
   * @return float32 [T, H], before dropout and the residual sum
   */
  Operand<TFloat32> apply(Ops tf, Operand<TFloat32> hidden) {
    return output.apply(tf, Gelu.of(tf, intermediate.apply(tf, hidden)));
  }
}
