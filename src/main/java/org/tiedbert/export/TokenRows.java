package org.tiedbert.export;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tiedbert.export.GraphTokenizer.Tokenized;
import org.tiedbert.text.Vocabulary;

/**
 * Tokens of texts into padded rows, {@code [CLS] a [SEP]} or {@code [CLS] a [SEP] b [SEP]}, cut to
 * the longest sequence of a model. Dimensions: T tokens in all, N rows, S tokens of the longest
 * row.
 */
final class TokenRows {
  private final Ops tf;
  private final Vocabulary vocabulary;
  private final int maxSeqLength;

  TokenRows(Ops tf, Vocabulary vocabulary, int maxSeqLength) {
    this.tf = tf;
    this.vocabulary = vocabulary;
    this.maxSeqLength = maxSeqLength;
  }

  /**
   * Texts in a stream of tokens.
   *
   * @param starts int32 [N], where each starts
   * @param numTokens int32 [N], of each
   */
  record Texts(Operand<TInt32> starts, Operand<TInt32> numTokens) {}

  /**
   * @param stream int32 [T], in which a text is never the last
   */
  Tokenized single(Operand<TInt32> stream, Texts texts) {
    Operand<TInt32> kept =
        column(tf.math.minimum(texts.numTokens, tf.constant(maxSeqLength - 2))); // [N, 1]
    Operand<TInt32> rest = afterCls(tf.math.add(kept, tf.constant(1))); // [1, S − 1]
    Operand<TInt32> tokens =
        at(stream, tf.math.add(column(texts.starts), tf.math.minimum(rest, kept))); // [N, S − 1]
    Operand<TInt32> ids =
        tf.select(
            tf.math.less(rest, kept),
            tokens,
            tf.select(
                tf.math.equal(rest, kept),
                tf.constant(vocabulary.sepId()),
                tf.constant(vocabulary.padId()))); // [N, S − 1]
    Operand<TBool> real = tf.math.lessEqual(rest, kept);
    Operand<TInt32> mask = tf.dtypes.cast(real, TInt32.class);
    Operand<TInt32> types = tf.zerosLike(ids);
    return withCls(ids, mask, types);
  }

  /** As {@link #single}; see {@link GraphTokenizer#apply(Ops, Operand, Operand)} for the cut. */
  Tokenized pair(Operand<TInt32> stream, Texts a, Texts b) {
    Operand<TInt32> room = tf.constant(maxSeqLength - 3);
    Operand<TInt32> half =
        tf.select(
            tf.math.greater(a.numTokens, b.numTokens),
            tf.constant((maxSeqLength - 2) / 2),
            tf.constant(
                (maxSeqLength - 3) / 2)); // [N], the longer text has the odd place, b if even
    Operand<TInt32> fromA =
        tf.math.minimum(a.numTokens, tf.math.maximum(half, tf.math.sub(room, b.numTokens))); // [N]
    Operand<TInt32> fromB = tf.math.minimum(b.numTokens, tf.math.sub(room, fromA)); // [N]
    Operand<TInt32> sepA = column(fromA); // [N, 1], places after [CLS]
    Operand<TInt32> startB = tf.math.add(sepA, tf.constant(1)); // [N, 1]
    Operand<TInt32> sepB = tf.math.add(startB, column(fromB)); // [N, 1]
    Operand<TInt32> rest = afterCls(tf.math.add(sepB, tf.constant(1))); // [1, S − 1]

    Operand<TBool> inA = tf.math.less(rest, sepA); // [N, S − 1]
    Operand<TInt32> inStream =
        tf.select(
            inA,
            tf.math.add(column(a.starts), rest),
            tf.math.add(
                column(b.starts), tf.math.sub(tf.math.minimum(rest, sepB), startB))); // [N, S − 1]
    Operand<TBool> isSep =
        tf.math.logicalOr(tf.math.equal(rest, sepA), tf.math.equal(rest, sepB)); // [N, S − 1]
    Operand<TBool> isPad = tf.math.greater(rest, sepB); // [N, S − 1]
    Operand<TInt32> ids =
        tf.select(
            isPad,
            tf.constant(vocabulary.padId()),
            tf.select(isSep, tf.constant(vocabulary.sepId()), at(stream, inStream)));
    Operand<TBool> real = tf.math.logicalNot(isPad);
    Operand<TInt32> mask = tf.dtypes.cast(real, TInt32.class);
    Operand<TInt32> types =
        tf.dtypes.cast(
            tf.math.logicalAnd(real, tf.math.greater(rest, sepA)), TInt32.class); // [N, S − 1]
    return withCls(ids, mask, types);
  }

  /** 0, 1 … up to the longest row. */
  private Operand<TInt32> afterCls(Operand<TInt32> lengths) {
    Operand<TInt32> longest =
        tf.max(
            tf.concat(List.of(tf.reshape(lengths, tf.array(-1)), tf.array(1)), tf.constant(0)),
            tf.constant(0));
    return tf.expandDims(tf.range(tf.constant(0), longest, tf.constant(1)), tf.constant(0));
  }

  private Tokenized withCls(Operand<TInt32> ids, Operand<TInt32> mask, Operand<TInt32> types) {
    Operand<TInt32> zero = tf.slice(types, tf.array(0, 0), tf.array(-1, 1)); // [N, 1], of type 0
    Operand<TInt32> cls = tf.math.add(zero, tf.constant(vocabulary.clsId()));
    Operand<TInt32> one = tf.onesLike(zero);
    return new Tokenized(
        tf.concat(List.of(cls, ids), tf.constant(1)),
        tf.concat(List.of(one, mask), tf.constant(1)),
        tf.concat(List.of(zero, types), tf.constant(1)));
  }

  private Operand<TInt32> at(Operand<TInt32> stream, Operand<TInt32> places) {
    return tf.gather(stream, places, tf.constant(0));
  }

  private Operand<TInt32> column(Operand<TInt32> values) {
    return tf.expandDims(values, tf.constant(1));
  }
}
