package org.tiedbert.noise;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * The geometric distribution cut off above {@code max}: P(ℓ) = p·(1 − p)ˡ⁻¹ / (1 − (1 − p)ᵐᵃˣ) for
 * 1 ≤ ℓ ≤ max. Dimensions: B sequences, S positions, words or spans.
 */
record SpanLength(double endProb, int max) {
  SpanLength {
    if (!(endProb > 0 && endProb < 1)) {
      throw new IllegalArgumentException("spanEndProb must lie in (0, 1), got " + endProb);
    }
    if (max < 1) {
      throw new IllegalArgumentException("maxSpanWords must be at least 1, got " + max);
    }
  }

  /** P(ℓ ≤ length). */
  double cumulative(int length) {
    return (1 - Math.pow(1 - endProb, length)) / (1 - Math.pow(1 - endProb, max));
  }

  /**
   * Cuts the words of each sequence into spans from end to end; a special token ends one too.
   *
   * @param wordStarts bool [B, S]
   * @param uint31 int32 [B, S], uniform in [0, 2³¹), one number a span
   * @return bool [B, S], where a span starts
   */
  Operand<TBool> spanStarts(
      Ops tf, Sequences sequences, Operand<TBool> wordStarts, Operand<TInt32> uint31) {
    int seqLength = sequences.seqLength();
    Operand<TInt32> spanEnds = Rows.runningSum(tf, lengths(tf, uint31)); // [B, S], in words
    Operand<TInt32> endsWithin = tf.math.minimum(spanEnds, tf.constant(seqLength)); // [B, S]
    Operand<TInt32> numEndsAt =
        Rows.sumInto(tf, tf.onesLike(endsWithin), endsWithin, seqLength + 1); // [B, S + 1]
    Operand<TInt32> wordOf =
        Rows.runningSum(tf, tf.dtypes.cast(wordStarts, TInt32.class)); // [B, S], from 1
    Operand<TInt32> index = tf.math.maximum(tf.math.sub(wordOf, tf.constant(1)), tf.constant(0));
    Operand<TBool> spanEnded =
        tf.math.greater(Rows.at(tf, numEndsAt, index), tf.constant(0)); // [B, S]
    Operand<TBool> first = tf.math.logicalNot(sequences.followsMaskable(tf)); // [B, S]
    return tf.math.logicalAnd(wordStarts, tf.math.logicalOr(spanEnded, first)); // [B, S]
  }

  /** By inversion: ℓ = 1 + the number of lengths k < max with u ≥ P(ℓ ≤ k); int32 [B, S]. */
  private Operand<TInt32> lengths(Ops tf, Operand<TInt32> uint31) {
    Operand<TInt32> lengths = tf.onesLike(uint31);
    for (int k = 1; k < max; k++) {
      int bound = (int) Math.min(Integer.MAX_VALUE, Math.round(cumulative(k) * 0x1p31));
      Operand<TBool> longer = tf.math.greaterEqual(uint31, tf.constant(bound));
      lengths = tf.math.add(lengths, tf.dtypes.cast(longer, TInt32.class));
    }
    return lengths;
  }
}
