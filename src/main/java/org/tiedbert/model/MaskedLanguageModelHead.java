package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.model.Parameter.Initialization;

/**
 * LayerNorm(GELU(f·W + b))·Eᵀ + c with the word embeddings E, at chosen tokens only (Devlin et al.
 * 2018, section 3.1; the transform and the tied output matrix are those of its code). Dimensions: T
 * tokens, M of them chosen, H hidden, V vocabulary.
 */
public final class MaskedLanguageModelHead {
  private final Operand<TFloat32> wordEmbeddings; // [V, H]
  private final Dense transform;
  private final LayerNorm layerNorm;
  private final Operand<TFloat32> outputBias; // [V]

  /**
   * @param wordEmbeddings float32 [V, H], the encoder's own
   */
  public MaskedLanguageModelHead(
      Parameters parameters, EncoderConfig config, Operand<TFloat32> wordEmbeddings) {
    this.wordEmbeddings = wordEmbeddings;
    String path = "cls/predictions";
    long hidden = config.hiddenSize();
    this.transform = new Dense(parameters, path + "/transform/dense", hidden, hidden);
    this.layerNorm = new LayerNorm(parameters, path + "/transform/LayerNorm", hidden);
    this.outputBias =
        parameters.create(path + "/output_bias", Initialization.ZEROS, config.vocabSize());
  }

  /**
   * @param features float32 [T, H]
   * @param tokens int32 [M], rows of features
   * @return float32 [M, V]
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> features, Operand<TInt32> tokens) {
    return apply(tf, tf.gather(features, tokens, tf.constant(0)));
  }

  /**
   * @param features float32 [M, H]
   * @return float32 [M, V]
   */
  public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> features) {
    Operand<TFloat32> transformed = Gelu.of(tf, transform.apply(tf, features)); // [M, H]
    Operand<TFloat32> normalised = layerNorm.apply(tf, transformed); // [M, H]
    Operand<TFloat32> products =
        tf.linalg.matMul(normalised, wordEmbeddings, MatMul.transposeB(true)); // [M, V]
    return tf.math.add(products, outputBias); // [M, V], in float32: rounded, many would be alike
  }
}
