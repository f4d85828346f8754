package org.tiedbert.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Embeddings and a stack of encoder layers. Dimensions: R sequences, S tokens, T tokens that take
 * part, H hidden.
 */
public final class Encoder {
  /** Added to the scores of padding, as BERT does. */
  private static final float MASKED = -10_000f;

  private final Embeddings embeddings;
  private final List<EncoderLayer> layers;

  /** Creates all parameters of the encoder. */
  public Encoder(Parameters parameters, EncoderConfig config) {
    this.embeddings = new Embeddings(parameters, config);
    this.layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(index -> new EncoderLayer(parameters, index, config))
            .toList();
  }

  /** float32 [vocabSize, H]; the masked-LM head shares it. */
  public Operand<TFloat32> wordEmbeddings() {
    return embeddings.wordEmbeddings();
  }

  /**
   * @param inputIds int32 [R, S]
   * @param attentionMask int32 [R, S]; 1 for real tokens, 0 for padding
   * @param segmentIds int32 [R, S]
   */
  public Encoded apply(
      Ops tf,
      SequenceShape shape,
      Operand<TInt32> inputIds,
      Operand<TInt32> attentionMask,
      Operand<TInt32> segmentIds,
      Dropout dropout) {
    Operand<TFloat32> maskBias = maskBias(tf, shape, attentionMask); // [R, 1, 1, S]
    List<Operand<TFloat32>> hiddenStates = new ArrayList<>();
    List<Operand<TFloat32>> attentions = new ArrayList<>();
    hiddenStates.add(embeddings.apply(tf, shape, inputIds, segmentIds, dropout));
    for (EncoderLayer layer : layers) {
      Operand<TFloat32> below = hiddenStates.get(hiddenStates.size() - 1); // [T, H]
      Ops scope = tf.withSubScope("layer_" + attentions.size()); // recomputation goes by the name
      SelfAttention.Attended attended = layer.apply(scope, shape, below, maskBias, dropout);
      hiddenStates.add(attended.hidden());
      attentions.add(attended.probs());
    }
    return new Encoded(List.copyOf(hiddenStates), List.copyOf(attentions));
  }

  /**
   * What the encoder makes of its input.
   *
   * @param hiddenStates float32 [T, H] each: the embeddings' output, then every layer's
   * @param attentions float32 [R, N, S, S] each: every layer's attention probabilities
   */
  public record Encoded(List<Operand<TFloat32>> hiddenStates, List<Operand<TFloat32>> attentions) {
    /** float32 [T, H], the top layer's output: the features. */
    public Operand<TFloat32> features() {
      return hiddenStates.get(hiddenStates.size() - 1);
    }
  }

  private static Operand<TFloat32> maskBias(
      Ops tf, SequenceShape shape, Operand<TInt32> attentionMask) {
    Operand<TFloat32> real = tf.dtypes.cast(attentionMask, TFloat32.class); // [R, S]
    Operand<TFloat32> bias =
        tf.math.mul(tf.math.sub(tf.constant(1f), real), tf.constant(MASKED)); // [R, S]
    return tf.reshape(bias, shape.around(tf, 1, 1)); // [R, 1, 1, S]
  }
}
