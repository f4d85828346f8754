package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * One encoder layer with the normalisation after each residual sum: LayerNorm(x + Sublayer(x)),
 * attention first, then the feed-forward network (Vaswani et al. 2017, section 3.1). Dimensions: R
 * sequences, S tokens, T tokens that take part, H hidden.
 */
final class EncoderLayer {
  private final EncoderConfig config;
  private final String path;
  private final SelfAttention attention;
  private final LayerNorm attentionNorm;
  private final FeedForward feedForward;
  private final LayerNorm outputNorm;

  EncoderLayer(Parameters parameters, int index, EncoderConfig config) {
    this.config = config;
    this.path = "bert/encoder/layer_" + index;
    this.attention = new SelfAttention(parameters, path + "/attention", config);
    this.attentionNorm =
        new LayerNorm(parameters, path + "/attention/output/LayerNorm", config.hiddenSize());
    this.feedForward = new FeedForward(parameters, path, config);
    this.outputNorm = new LayerNorm(parameters, path + "/output/LayerNorm", config.hiddenSize());
  }

  /**
   * @param hidden float32 [T, H]
   * @param maskBias float32 [R, 1, 1, S]
   * @return float32 [T, H], and the attention probabilities
   */
  SelfAttention.Attended apply(
      Ops tf,
      SequenceShape shape,
      Operand<TFloat32> hidden,
      Operand<TFloat32> maskBias,
      Dropout dropout) {
    double prob = config.hiddenDropoutProb();
    SelfAttention.Attended attended = attention.apply(tf, shape, hidden, maskBias, dropout);
    Operand<TFloat32> fromAttention =
        dropout.apply(tf, prob, path + "/attention/output", attended.hidden());
    Operand<TFloat32> middle = attentionNorm.apply(tf, tf.math.add(hidden, fromAttention));
    Operand<TFloat32> fromFeedForward =
        dropout.apply(tf, prob, path + "/output", feedForward.apply(tf, middle));
    Operand<TFloat32> out = outputNorm.apply(tf, tf.math.add(middle, fromFeedForward));
    return new SelfAttention.Attended(out, attended.probs());
  }
}
