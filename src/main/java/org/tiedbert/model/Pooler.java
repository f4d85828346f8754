package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * tanh(W·f + b) of the first token's features, what sentence-level heads read (Devlin et al. 2018,
 * section 3.1). Dimensions: R sequences, S tokens, T tokens that take part, H hidden.
 */
public final class Pooler {
  private final int hiddenSize;
  private final Dense dense;

  /** Creates {@code bert/pooler/dense}. */
  public Pooler(Parameters parameters, EncoderConfig config) {
    this.hiddenSize = config.hiddenSize();
    this.dense = new Dense(parameters, "bert/pooler/dense", hiddenSize, hiddenSize);
  }

  /**
   * @param features float32 [T, H]
   * @return float32 [R, H]
   */
  public Operand<TFloat32> apply(Ops tf, SequenceShape shape, Operand<TFloat32> features) {
    return tf.math.tanh(dense.apply(tf, firstTokens(tf, shape, features)));
  }

  private Operand<TFloat32> firstTokens(Ops tf, SequenceShape shape, Operand<TFloat32> features) {
    Operand<TFloat32> tokens =
        tf.reshape(shape.pad(tf, features), shape.followedBy(tf, hiddenSize)); // [R, S, H]
    return tf.stridedSlice(tokens, Indices.all(), Indices.at(0), Indices.all()); // [R, H]
  }
}
