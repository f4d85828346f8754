package org.tiedbert.export;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tiedbert.export.ServedModel.Read;

/**
 * Text into Σₛ mₛ·fₛ / Σₛ mₛ, the mean of the features f of its real tokens (m = 1, padding's 0),
 * and into the features of [CLS]. Dimensions as in {@link Signatures}.
 */
final class EmbedSignature {
  private EmbedSignature() {}

  static SignatureDef build(Ops tf, ServedModel model, GraphTokenizer tokenizer) {
    SignatureBuilder signature = new SignatureBuilder(tf);
    Operand<TString> text = signature.input(Signatures.TEXT, TString.class, -1); // [N]
    Read read = model.read(tf, tokenizer.apply(tf, text));
    Operand<TFloat32> features = read.perToken(tf, read.encoded().features()); // [N, S, H]
    return signature
        .output(Signatures.EMBEDDING, mean(tf, read, features))
        .output(
            Signatures.CLS,
            tf.stridedSlice(features, Indices.all(), Indices.at(0), Indices.all())) // [N, H]
        .build();
  }

  private static Operand<TFloat32> mean(Ops tf, Read read, Operand<TFloat32> features) {
    Operand<TFloat32> real =
        tf.expandDims(
            tf.dtypes.cast(read.attentionMask(), TFloat32.class), tf.constant(-1)); // [N, S, 1]
    Operand<TFloat32> sum = tf.sum(tf.math.mul(features, real), tf.constant(1)); // [N, H]
    Operand<TFloat32> numReal = tf.sum(real, tf.constant(1)); // [N, 1]
    return tf.math.div(sum, numReal);
  }
}
