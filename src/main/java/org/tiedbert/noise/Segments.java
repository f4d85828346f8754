package org.tiedbert.noise;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * The maskable tokens of each sequence cut into runs without a gap: words or spans. Segments are
 * numbered along the sequence; there are at most as many as positions. Dimensions: B sequences, S
 * positions and also segments.
 *
 * @param sequences the batch that is cut
 * @param indexOf int32 [B, S], the segment of each maskable position
 * @param lengths int32 [B, S], the number of tokens of each segment, 0 where there is none
 */
record Segments(Sequences sequences, Operand<TInt32> indexOf, Operand<TInt32> lengths) {
  /** Two passes: the second fills what a long word, refused by the first, has left open. */
  private static final int WHOLE_PASSES = 2;

  /**
   * @param starts bool [B, S]; maskable positions only, and each that follows none is one
   */
  static Segments startingAt(Ops tf, Sequences sequences, Operand<TBool> starts) {
    Operand<TInt32> started = Rows.runningSum(tf, asInt(tf, starts)); // [B, S]
    Operand<TInt32> indexOf =
        tf.math.maximum(tf.math.sub(started, tf.constant(1)), tf.constant(0)); // [B, S]
    Operand<TInt32> lengths =
        Rows.sumInto(tf, asInt(tf, sequences.maskable()), indexOf, sequences.seqLength()); // [B, S]
    return new Segments(sequences, indexOf, lengths);
  }

  /**
   * Whole segments in random order until {@code count} tokens are reached. A segment that would
   * lead above maxPredictionsPerSeq is passed over; if it is the last one needed, others that still
   * fit follow.
   *
   * @return bool [B, S], the positions chosen
   */
  Operand<TBool> chooseWhole(Ops tf, RandomBits bits, String stream) {
    Operand<TInt32> limit = tf.constant(sequences.maxPredictionsPerSeq());
    Operand<TInt32> zero = tf.constant(0);
    Operand<TInt32> usable = tf.select(tf.math.lessEqual(lengths, limit), lengths, zero); // [B, S]
    Operand<TInt32> order = randomOrder(tf, bits, stream, usable); // [B, S]
    Operand<TInt32> ordered = Rows.at(tf, usable, order); // [B, S]
    Operand<TInt32> taken = tf.zerosLike(ordered); // [B, S]
    for (int pass = 0; pass < WHOLE_PASSES; pass++) {
      Operand<TInt32> open = tf.math.sub(ordered, taken); // [B, S]
      Operand<TInt32> total = tf.sum(taken, tf.constant(1), keepDims()); // [B, 1]
      Operand<TBool> fits = tf.math.lessEqual(tf.math.add(open, total), limit); // [B, S]
      Operand<TInt32> offered = tf.select(fits, open, zero); // [B, S]
      Operand<TInt32> after = tf.math.add(Rows.runningSum(tf, offered), total); // [B, S]
      Operand<TInt32> before = tf.math.sub(after, offered); // [B, S]
      Operand<TBool> accepted =
          tf.math.logicalAnd(
              tf.math.less(before, sequences.count()), tf.math.lessEqual(after, limit)); // [B, S]
      taken = tf.math.add(taken, tf.select(accepted, offered, zero)); // [B, S]
    }
    return firstTokens(tf, order, taken);
  }

  /**
   * Segments in random order, the last one cut short, so that exactly {@code count} tokens are
   * chosen.
   *
   * @return bool [B, S], the positions chosen
   */
  Operand<TBool> chooseExactly(Ops tf, RandomBits bits, String stream) {
    Operand<TInt32> order = randomOrder(tf, bits, stream, lengths); // [B, S]
    Operand<TInt32> ordered = Rows.at(tf, lengths, order); // [B, S]
    Operand<TInt32> before = tf.math.sub(Rows.runningSum(tf, ordered), ordered); // [B, S]
    Operand<TInt32> left =
        tf.math.maximum(tf.math.sub(sequences.count(), before), tf.constant(0)); // [B, S]
    return firstTokens(tf, order, tf.math.minimum(ordered, left));
  }

  /** Segment numbers in random order, those without tokens last; int32 [B, S]. */
  private Operand<TInt32> randomOrder(
      Ops tf, RandomBits bits, String stream, Operand<TInt32> numTokens) {
    int seqLength = sequences.seqLength();
    Operand<TInt32> keys =
        Rows.randomKeys(tf, bits, stream, sequences.numRows(), seqLength); // [B, S]
    Operand<TBool> present = tf.math.greater(numTokens, tf.constant(0)); // [B, S]
    Operand<TInt32> candidates = tf.select(present, keys, tf.constant(-1)); // [B, S]
    return Rows.largest(tf, candidates, seqLength).indices(); // [B, S]
  }

  /** The first {@code numTokens[b, i]} tokens of segment {@code order[b, i]}; bool [B, S]. */
  private Operand<TBool> firstTokens(Ops tf, Operand<TInt32> order, Operand<TInt32> numTokens) {
    Operand<TInt32> numTokensOf =
        Rows.sumInto(tf, numTokens, order, sequences.seqLength()); // [B, S], by segment
    Operand<TInt32> maskable = asInt(tf, sequences.maskable()); // [B, S]
    Operand<TInt32> ordinal = Rows.runningSum(tf, maskable); // [B, S], from 1
    Operand<TInt32> tokensBefore =
        tf.math.sub(Rows.runningSum(tf, lengths), lengths); // [B, S], by segment
    Operand<TInt32> lastOrdinal =
        Rows.at(tf, tf.math.add(tokensBefore, numTokensOf), indexOf); // [B, S]
    return tf.math.logicalAnd(
        sequences.maskable(), tf.math.lessEqual(ordinal, lastOrdinal)); // [B, S]
  }

  private static Operand<TInt32> asInt(Ops tf, Operand<TBool> flags) {
    return tf.dtypes.cast(flags, TInt32.class);
  }

  private static Sum.Options keepDims() {
    return Sum.keepDims(true);
  }
}
