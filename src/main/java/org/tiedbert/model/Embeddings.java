package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.model.Parameter.Initialization;

/**
 * Sum of word, position and segment embeddings, normalised, with dropout (Devlin et al. 2018,
 * figure 2). Dimensions: R sequences, S tokens of each, T tokens that take part, H hidden.
 */
final class Embeddings {
  private final EncoderConfig config;
  private final Operand<TFloat32> wordEmbeddings; // [vocabSize, H]
  private final Operand<TFloat32> typeEmbeddings; // [typeVocabSize, H]
  private final Operand<TFloat32> positionEmbeddings; // [maxPositionEmbeddings, H]
  private final LayerNorm layerNorm;

  Embeddings(Parameters parameters, EncoderConfig config) {
    this.config = config;
    String path = "bert/embeddings";
    this.wordEmbeddings =
        table(parameters, path + "/word_embeddings", config.vocabSize(), config.hiddenSize());
    this.typeEmbeddings =
        table(
            parameters,
            path + "/token_type_embeddings",
            config.typeVocabSize(),
            config.hiddenSize());
    this.positionEmbeddings =
        table(
            parameters,
            path + "/position_embeddings",
            config.maxPositionEmbeddings(),
            config.hiddenSize());
    this.layerNorm = new LayerNorm(parameters, path + "/LayerNorm", config.hiddenSize());
  }

  /** float32 [vocabSize, H], also the output matrix of the masked-LM head. */
  Operand<TFloat32> wordEmbeddings() {
    return wordEmbeddings;
  }

  /**
   * @param inputIds int32 [R, S]
   * @param segmentIds int32 [R, S]
   * @return float32 [T, H]
   */
  Operand<TFloat32> apply(
      Ops tf,
      SequenceShape shape,
      Operand<TInt32> inputIds,
      Operand<TInt32> segmentIds,
      Dropout dropout) {
    Operand<TInt32> rows = tf.constant(0);
    Operand<TFloat32> words = tf.gather(wordEmbeddings, inputIds, rows); // [R, S, H]
    Operand<TFloat32> types = segments(tf, shape, segmentIds); // [R, S, H]
    Operand<TFloat32> positions =
        tf.slice(
            positionEmbeddings,
            tf.array(0, 0),
            tf.stack(
                java.util.List.of(shape.length(), tf.constant(config.hiddenSize())))); // [S, H]
    Operand<TFloat32> sum = tf.math.add(tf.math.add(words, types), positions); // [R, S, H]
    Operand<TFloat32> flat = tf.reshape(sum, tf.array(-1, config.hiddenSize())); // [R·S, H]
    Operand<TFloat32> real = shape.unpad(tf, flat); // [T, H]
    return dropout.apply(
        tf, config.hiddenDropoutProb(), "embeddings", layerNorm.apply(tf, real)); // [T, H]
  }

  /**
   * A product with one-hot segments: its gradient is a product too, where a gather's is a scatter.
   */
  private Operand<TFloat32> segments(Ops tf, SequenceShape shape, Operand<TInt32> segmentIds) {
    Operand<TFloat32> oneHot =
        tf.oneHot(
            tf.reshape(segmentIds, tf.array(-1)),
            tf.constant(config.typeVocabSize()),
            tf.constant(1f),
            tf.constant(0f)); // [R·S, typeVocabSize]
    return tf.reshape(
        tf.linalg.matMul(oneHot, typeEmbeddings),
        shape.followedBy(tf, config.hiddenSize())); // [R, S, H]
  }

  private static Operand<TFloat32> table(
      Parameters parameters, String path, long rows, long hiddenSize) {
    return parameters.create(path, Initialization.TRUNCATED_NORMAL, rows, hiddenSize);
  }
}
