package org.tiedbert.export;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.export.ServedModel.Read;
import org.tiedbert.model.MaskedLanguageModelHead;

/**
 * Token ids into hidden states and, out of the same pass through the encoder, into the logits at
 * the masks. Dimensions as in {@link Signatures}.
 */
final class EncodeSignature {
  private final Ops tf;
  private final Operand<TInt32> inputIds; // [N, S]
  private final Operand<TInt32> attentionMask; // [N, S]
  private final Operand<TInt32> tokenTypeIds; // [N, S]
  private final ServedModel model;
  private final SignatureBuilder signature;
  private final Read read;

  EncodeSignature(Ops tf, ServedModel model) {
    this.tf = tf;
    this.model = model;
    this.signature = new SignatureBuilder(tf);
    this.inputIds = signature.input(Signatures.INPUT_IDS, TInt32.class, -1, -1);
    this.attentionMask = signature.input(Signatures.ATTENTION_MASK, TInt32.class, -1, -1);
    this.tokenTypeIds = signature.input(Signatures.TOKEN_TYPE_IDS, TInt32.class, -1, -1);
    this.read = model.read(tf, inputIds, attentionMask, tokenTypeIds);
  }

  SignatureDef encode() {
    List<Operand<TFloat32>> states =
        read.encoded().hiddenStates().stream()
            .map(state -> read.perToken(tf, state))
            .toList(); // [N, S, H] each
    signature.output(Signatures.LAST_HIDDEN_STATE, states.get(states.size() - 1));
    signature.output(Signatures.HIDDEN_STATES, tf.stack(states)); // [L+1, N, S, H]
    model
        .pooler()
        .map(pooler -> pooler.apply(tf, read.shape(), read.encoded().features())) // [N, H]
        .ifPresent(pooled -> signature.output(Signatures.POOLER_OUTPUT, pooled));
    return signature.build();
  }

  /**
   * @param maskId of [MASK]
   */
  SignatureDef maskLogits(MaskedLanguageModelHead head, int maskId) {
    SignatureBuilder logits = new SignatureBuilder(tf);
    logits.input(Signatures.INPUT_IDS, inputIds);
    logits.input(Signatures.ATTENTION_MASK, attentionMask);
    logits.input(Signatures.TOKEN_TYPE_IDS, tokenTypeIds);
    MaskedTokens masks = MaskedTokens.among(tf, inputIds, maskId);
    return logits
        .output(Signatures.MASK_POSITIONS, masks.positions())
        .output(Signatures.LOGITS, head.apply(tf, read.encoded().features(), masks.rows()))
        .build();
  }
}
