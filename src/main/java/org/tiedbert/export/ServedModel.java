package org.tiedbert.export;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.model.ClassificationHead;
import org.tiedbert.model.Dropout;
import org.tiedbert.model.Encoder;
import org.tiedbert.model.Encoder.Encoded;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.MaskedLanguageModelHead;
import org.tiedbert.model.ModelPart;
import org.tiedbert.model.Parameters;
import org.tiedbert.model.Pooler;
import org.tiedbert.model.SequenceShape;

/**
 * An encoder and what there is on top of it, in a graph that serves batches of any shape. What only
 * pre-training has a use for, {@link ModelPart#NEXT_SENTENCE}, is left out.
 */
record ServedModel(
    EncoderConfig config,
    Encoder encoder,
    Optional<Pooler> pooler,
    Optional<MaskedLanguageModelHead> maskedLanguageModel,
    Optional<ClassificationHead> classifier) {

  /** Creates all its parameters. */
  static ServedModel create(
      Parameters parameters, EncoderConfig config, Set<ModelPart> parts, int numClasses) {
    Encoder encoder = new Encoder(parameters, config);
    return new ServedModel(
        config,
        encoder,
        parts.contains(ModelPart.POOLER)
            ? Optional.of(new Pooler(parameters, config))
            : Optional.empty(),
        parts.contains(ModelPart.MASKED_LANGUAGE_MODEL)
            ? Optional.of(new MaskedLanguageModelHead(parameters, config, encoder.wordEmbeddings()))
            : Optional.empty(),
        parts.contains(ModelPart.CLASSIFIER)
            ? Optional.of(new ClassificationHead(parameters, config, numClasses))
            : Optional.empty());
  }

  /**
   * Sequences and what the encoder makes of them. Dimensions: N sequences, S tokens, H hidden.
   *
   * @param inputIds int32 [N, S]
   * @param attentionMask int32 [N, S]
   */
  record Read(
      SequenceShape shape,
      Operand<TInt32> inputIds,
      Operand<TInt32> attentionMask,
      Encoded encoded,
      int hiddenSize) {

    /** From a hidden state [N·S, H] to [N, S, H]. */
    Operand<TFloat32> perToken(Ops tf, Operand<TFloat32> state) {
      Operand<TInt32> sizes =
          tf.concat(List.of(tf.shape(inputIds), tf.array(hiddenSize)), tf.constant(0)); // [3]
      return tf.reshape(state, sizes);
    }
  }

  /**
   * @param inputIds int32 [N, S]
   * @param attentionMask int32 [N, S]
   * @param tokenTypeIds int32 [N, S]
   */
  Read read(
      Ops tf,
      Operand<TInt32> inputIds,
      Operand<TInt32> attentionMask,
      Operand<TInt32> tokenTypeIds) {
    SequenceShape shape = SequenceShape.of(tf, inputIds);
    Encoded encoded =
        encoder.apply(tf, shape, inputIds, attentionMask, tokenTypeIds, Dropout.none());
    return new Read(shape, inputIds, attentionMask, encoded, config.hiddenSize());
  }

  Read read(Ops tf, GraphTokenizer.Tokenized tokens) {
    return read(tf, tokens.inputIds(), tokens.attentionMask(), tokens.tokenTypeIds());
  }
}
