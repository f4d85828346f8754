package org.tiedbert.model;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * BERT with its pre-training heads: encoder, pooler, masked-LM head and, where asked for, the
 * next-sentence head. The pooler exists without the next-sentence head too, as fine-tuning starts
 * from it, but then nothing trains it.
 */
public final class PreTrainingModel {
  private final EncoderConfig config;
  private final Encoder encoder;
  private final Pooler pooler;
  private final MaskedLanguageModelHead maskedLanguageModel;
  private final Optional<NextSentenceHead> nextSentence;

  public PreTrainingModel(Parameters parameters, EncoderConfig config, boolean nextSentence) {
    this.config = config;
    this.encoder = new Encoder(parameters, config);
    this.pooler = new Pooler(parameters, config);
    this.maskedLanguageModel =
        new MaskedLanguageModelHead(parameters, config, encoder.wordEmbeddings());
    this.nextSentence =
        nextSentence ? Optional.of(new NextSentenceHead(parameters, config)) : Optional.empty();
  }

  public EncoderConfig config() {
    return config;
  }

  public Encoder encoder() {
    return encoder;
  }

  public Pooler pooler() {
    return pooler;
  }

  public MaskedLanguageModelHead maskedLanguageModel() {
    return maskedLanguageModel;
  }

  /**
   * @param features float32 [R·S, H]
   * @return float32 [R, 2], or empty without the head
   */
  public Optional<Operand<TFloat32>> nextSentence(
      Ops tf, SequenceShape shape, Operand<TFloat32> features) {
    return nextSentence.map(head -> head.apply(tf, pooler.apply(tf, shape, features)));
  }

  /**
   * @param positions int32 [R, P], positions in their sequences
   * @return int32 [R·P], rows of features
   */
  public static Operand<TInt32> tokens(Ops tf, SequenceShape shape, Operand<TInt32> positions) {
    Operand<TInt32> row = tf.range(tf.constant(0), shape.numRows(), tf.constant(1)); // [R]
    Operand<TInt32> first =
        tf.expandDims(tf.math.mul(row, shape.length()), tf.constant(1)); // [R, 1]
    return tf.reshape(tf.math.add(first, positions), tf.array(-1)); // [R·P]
  }
}
