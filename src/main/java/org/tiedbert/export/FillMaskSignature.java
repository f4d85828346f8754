package org.tiedbert.export;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tiedbert.export.ServedModel.Read;
import org.tiedbert.model.MaskedLanguageModelHead;
import org.tiedbert.text.Vocabulary;

/**
 * Text with masks into the K greatest of softmax(logits) for each. Dimensions as in {@link
 * Signatures}.
 */
final class FillMaskSignature {
  private FillMaskSignature() {}

  /**
   * @param tokenizer for which {@code [MASK]} in a text is a mask
   */
  static SignatureDef build(
      Ops tf,
      ServedModel model,
      MaskedLanguageModelHead head,
      GraphTokenizer tokenizer,
      Vocabulary vocabulary) {
    SignatureBuilder signature = new SignatureBuilder(tf);
    Operand<TString> text = signature.input(Signatures.TEXT, TString.class, -1); // [N]
    Operand<TInt32> topK = signature.input(Signatures.TOP_K, TInt32.class); // K
    Read read = model.read(tf, tokenizer.apply(tf, text));
    MaskedTokens masks = MaskedTokens.among(tf, read.inputIds(), vocabulary.maskId());
    Operand<TFloat32> logits = head.apply(tf, read.features(tf), masks.rows()); // [M, V]
    TopK<TFloat32, TInt32> best = tf.nn.topK(tf.nn.softmax(logits), topK, TInt32.class); // [M, K]
    Operand<TString> tokens = tf.array(vocabulary.tokens().toArray(String[]::new)); // [V]
    return signature
        .output(
            Signatures.TEXT_INDEX,
            tf.stridedSlice(masks.positions(), Indices.all(), Indices.at(0))) // [M]
        .output(Signatures.TOKENS, tf.gather(tokens, best.indices(), tf.constant(0))) // [M, K]
        .output(Signatures.SCORES, best.values()) // [M, K]
        .build();
  }
}
