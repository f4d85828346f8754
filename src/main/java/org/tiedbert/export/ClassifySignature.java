package org.tiedbert.export;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TString;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.export.GraphTokenizer.Tokenized;
import org.tiedbert.export.ServedModel.Read;
import org.tiedbert.model.ClassificationHead;
import org.tiedbert.model.Dropout;
import org.tiedbert.model.Pooler;

/**
 * Text, or a pair of texts, into softmax(logits) over the classes or, of a regression, the one
 * logit itself. Dimensions as in {@link Signatures}.
 */
record ClassifySignature(
    ServedModel model,
    Pooler pooler,
    ClassificationHead head,
    Labels labels,
    GraphTokenizer tokenizer) {

  static ClassifySignature of(ServedModel model, Labels labels, GraphTokenizer tokenizer) {
    return new ClassifySignature(
        model, model.pooler().orElseThrow(), model.classifier().orElseThrow(), labels, tokenizer);
  }

  SignatureDef single(Ops tf) {
    SignatureBuilder signature = new SignatureBuilder(tf);
    Operand<TString> text = signature.input(Signatures.TEXT, TString.class, -1); // [N]
    return build(tf, signature, tokenizer.apply(tf, text));
  }

  SignatureDef pair(Ops tf) {
    SignatureBuilder signature = new SignatureBuilder(tf);
    Operand<TString> text = signature.input(Signatures.TEXT, TString.class, -1); // [N]
    Operand<TString> textPair = signature.input(Signatures.TEXT_PAIR, TString.class, -1); // [N]
    return build(tf, signature, tokenizer.apply(tf, text, textPair));
  }

  private SignatureDef build(Ops tf, SignatureBuilder signature, Tokenized tokens) {
    Read read = model.read(tf, tokens);
    Operand<TFloat32> pooled = pooler.apply(tf, read.shape(), read.encoded().features()); // [N, H]
    Operand<TFloat32> logits = head.apply(tf, pooled, Dropout.none()); // [N, C]
    Operand<TFloat32> scores = labels.isRegression() ? logits : tf.nn.softmax(logits); // [N, C]
    Operand<TString> names = tf.array(labels.names().toArray(String[]::new)); // [C]
    Operand<TInt32> everyRow = tf.stack(List.of(read.shape().numRows(), tf.constant(1)));
    return signature
        .output(Signatures.SCORES, scores)
        .output(
            Signatures.LABELS, tf.tile(tf.expandDims(names, tf.constant(0)), everyRow)) // [N, C]
        .build();
  }
}
