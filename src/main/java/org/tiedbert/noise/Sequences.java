package org.tiedbert.noise;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * A batch as noise sees it. Dimensions: B sequences, S positions.
 *
 * @param ids int32 [B, S]
 * @param maskable bool [B, S], where noise may choose
 * @param count int32 [B, 1], how many positions it is to choose
 */
record Sequences(
    Operand<TInt32> ids,
    Operand<TBool> maskable,
    Operand<TInt32> count,
    int numRows,
    int seqLength,
    int maxPredictionsPerSeq) {

  static Sequences of(
      Ops tf,
      NoiseVocabulary vocabulary,
      Operand<TInt32> ids,
      double rate,
      int maxPredictionsPerSeq) {
    Shape shape = ids.shape();
    if (shape.numDimensions() != 2 || shape.hasUnknownDimension()) {
      throw new IllegalArgumentException(
          "inputIds must have a static shape [batch, seqLength], got " + shape);
    }
    int seqLength = (int) shape.get(1);
    if (maxPredictionsPerSeq < 1 || maxPredictionsPerSeq > seqLength) {
      throw new IllegalArgumentException(
          "maxPredictionsPerSeq must lie in [1, seqLength], got %d with seqLength=%d"
              .formatted(maxPredictionsPerSeq, seqLength));
    }
    Operand<TBool> maskable = vocabulary.isMaskable(tf, ids); // [B, S]
    int[] counts = new int[seqLength + 1];
    for (int numMaskable = 0; numMaskable <= seqLength; numMaskable++) {
      counts[numMaskable] = count(rate, numMaskable, maxPredictionsPerSeq);
    }
    Operand<TInt32> numMaskable =
        tf.sum(tf.dtypes.cast(maskable, TInt32.class), tf.constant(1)); // [B]
    Operand<TInt32> count = tf.gather(tf.constant(counts), numMaskable, tf.constant(0)); // [B]
    return new Sequences(
        ids,
        maskable,
        tf.expandDims(count, tf.constant(1)),
        (int) shape.get(0),
        seqLength,
        maxPredictionsPerSeq);
  }

  /** min(P, max(1, round(rate · n))) for n maskable tokens, 0 for none. */
  static int count(double rate, int numMaskable, int maxPredictionsPerSeq) {
    return numMaskable == 0
        ? 0
        : (int) Math.min(maxPredictionsPerSeq, Math.max(1, Math.round(rate * numMaskable)));
  }

  /** The first {@code count} maskable positions in a random order, bool [B, S]. */
  Operand<TBool> choosePositions(Ops tf, RandomBits bits, String stream) {
    Operand<TInt32> keys = Rows.randomKeys(tf, bits, stream, numRows, seqLength); // [B, S]
    Operand<TInt32> candidates = tf.select(maskable, keys, tf.constant(-1)); // [B, S]
    Operand<TInt32> largest = Rows.largest(tf, candidates, maxPredictionsPerSeq).values(); // [B, P]
    Operand<TInt32> lastSlot = tf.math.maximum(tf.math.sub(count, tf.constant(1)), tf.constant(0));
    Operand<TInt32> smallestChosen = Rows.at(tf, largest, lastSlot); // [B, 1]
    return tf.math.logicalAnd(maskable, tf.math.greaterEqual(candidates, smallestChosen)); // [B, S]
  }

  /** Where a word starts, bool [B, S]: every maskable piece that nothing maskable leads up to. */
  Operand<TBool> wordStarts(Ops tf, NoiseVocabulary vocabulary) {
    Operand<TBool> continuation = vocabulary.isContinuation(tf, ids); // [B, S]
    Operand<TBool> within = tf.math.logicalAnd(continuation, followsMaskable(tf)); // [B, S]
    return tf.math.logicalAnd(maskable, tf.math.logicalNot(within)); // [B, S]
  }

  /** Whether the position before is maskable, bool [B, S]. */
  Operand<TBool> followsMaskable(Ops tf) {
    Operand<TBool> none = tf.fill(tf.array(numRows, 1), tf.constant(false)); // [B, 1]
    Operand<TBool> allButLast =
        tf.slice(maskable, tf.array(0, 0), tf.array(numRows, seqLength - 1)); // [B, S − 1]
    return tf.concat(List.of(none, allButLast), tf.constant(1)); // [B, S]
  }
}
