package org.tiedbert.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TFloat32;

/**
 * Multi-head self-attention, softmax(Q·Kᵀ/√D)·V, and the product that joins the heads (Vaswani et
 * al. 2017, eq. 1 and section 3.2.2). Dimensions: R sequences, S tokens, T tokens that take part, N
 * heads, D head size, H = N·D hidden.
 */
final class SelfAttention {
  private final EncoderConfig config;
  private final String path;
  private final Dense query;
  private final Dense key;
  private final Dense value;
  private final Dense output;

  SelfAttention(Parameters parameters, String path, EncoderConfig config) {
    this.config = config;
    this.path = path;
    long hidden = config.hiddenSize();
    this.query = new Dense(parameters, path + "/self/query", hidden, hidden);
    this.key = new Dense(parameters, path + "/self/key", hidden, hidden);
    this.value = new Dense(parameters, path + "/self/value", hidden, hidden);
    this.output = new Dense(parameters, path + "/output/dense", hidden, hidden);
  }

  /**
   * @param hidden float32 [T, H]
   * @param maskBias float32 [R, 1, 1, S]; 0 where attention is allowed, −10⁴ on padding
   * @return float32 [T, H], before dropout and the residual sum, and the probabilities
   */
  Attended apply(
      Ops tf,
      SequenceShape shape,
      Operand<TFloat32> hidden,
      Operand<TFloat32> maskBias,
      Dropout dropout) {
    Operand<TFloat32> scale = tf.constant((float) (1 / Math.sqrt(config.headSize())));
    Operand<TFloat32> scaledQuery = tf.math.mul(query.apply(tf, hidden), scale); // [T, H]
    Operand<TFloat32> q = splitHeads(tf, shape, scaledQuery); // [R, N, S, D]
    Operand<TFloat32> k = splitHeads(tf, shape, key.apply(tf, hidden)); // [R, N, S, D]
    Operand<TFloat32> v = splitHeads(tf, shape, value.apply(tf, hidden)); // [R, N, S, D]
    Operand<TFloat32> scores =
        tf.train.batchMatMul(q, k, TFloat32.class, BatchMatMul.adjY(true)); // [R, N, S, S]
    Operand<TFloat32> probs = softmax(tf, tf.math.add(scores, maskBias)); // [R, N, S, S]
    Operand<TFloat32> dropped =
        dropout.apply(tf, config.attentionDropoutProb(), path + "/probs", probs);
    Operand<TFloat32> context = tf.train.batchMatMul(dropped, v, TFloat32.class); // [R, N, S, D]
    return new Attended(output.apply(tf, mergeHeads(tf, shape, context)), probs);
  }

  /**
   * @param hidden float32 [T, H]
   * @param probs float32 [R, N, S, S], before dropout
   */
  record Attended(Operand<TFloat32> hidden, Operand<TFloat32> probs) {}

  static Operand<TFloat32> softmax(Ops tf, Operand<TFloat32> scores) {
    Operand<TFloat32> probs = tf.nn.softmax(scores);
    return CustomGradient.SOFTMAX.of(tf, probs, List.of(scores), probs);
  }

  /** ∂L/∂s = (∂L/∂p − Σ p·∂L/∂p)·p, the sum over the last dimension. */
  static Operand<TFloat32> softmaxGradient(
      Ops tf, Operand<TFloat32> probs, Operand<TFloat32> gradient) {
    Operand<TFloat32> along =
        tf.reduceSum(tf.math.mul(gradient, probs), tf.constant(-1), ReduceSum.keepDims(true));
    return tf.math.mul(tf.math.sub(gradient, along), probs);
  }

  private Operand<TFloat32> splitHeads(Ops tf, SequenceShape shape, Operand<TFloat32> x) {
    Operand<TFloat32> heads =
        tf.reshape(
            shape.pad(tf, x),
            shape.followedBy(tf, config.numAttentionHeads(), config.headSize())); // [R, S, N, D]
    return tf.linalg.transpose(heads, tf.array(0, 2, 1, 3)); // [R, N, S, D]
  }

  private Operand<TFloat32> mergeHeads(Ops tf, SequenceShape shape, Operand<TFloat32> context) {
    Operand<TFloat32> tokens = tf.linalg.transpose(context, tf.array(0, 2, 1, 3)); // [R, S, N, D]
    Operand<TFloat32> merged = tf.reshape(tokens, tf.array(-1, config.hiddenSize())); // [R·S, H]
    return shape.unpad(tf, merged); // [T, H]
  }
}
