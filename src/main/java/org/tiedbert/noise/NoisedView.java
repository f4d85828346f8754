package org.tiedbert.noise;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A noised batch and what is to be predicted in it. Dimensions: B sequences, S positions, P
 * predictions at most. Used slots come first, in the order of their positions.
 *
 * @param inputIds int32 [B, S], equal to the original outside the predicted positions
 * @param maskedPositions int32 [B, P] in [0, S), 0 on unused slots
 * @param maskedLabels int32 [B, P], the original ids at those positions, on unused slots too
 * @param maskedWeights float32 [B, P], 1 on used slots, 0 on unused ones
 */
public record NoisedView(
    Operand<TInt32> inputIds,
    Operand<TInt32> maskedPositions,
    Operand<TInt32> maskedLabels,
    Operand<TFloat32> maskedWeights) {

  /**
   * @param noised int32 [B, S]
   * @param chosen bool [B, S], at most maxPredictionsPerSeq a row
   */
  static NoisedView of(Ops tf, Sequences original, Operand<TInt32> noised, Operand<TBool> chosen) {
    Operand<TInt32> seqLength = tf.constant(original.seqLength());
    Operand<TInt32> countdown =
        tf.math.sub(seqLength, Rows.columns(tf, original.seqLength())); // [S], S … 1
    Operand<TInt32> keys = tf.select(chosen, countdown, tf.constant(0)); // [B, S]
    Operand<TInt32> slots =
        Rows.largest(tf, keys, original.maxPredictionsPerSeq()).values(); // [B, P]
    Operand<TBool> used = tf.math.greater(slots, tf.constant(0)); // [B, P]
    Operand<TInt32> positions =
        tf.select(used, tf.math.sub(seqLength, slots), tf.constant(0)); // [B, P]
    Operand<TInt32> labels = Rows.at(tf, original.ids(), positions); // [B, P]
    return new NoisedView(noised, positions, labels, tf.dtypes.cast(used, TFloat32.class));
  }
}
