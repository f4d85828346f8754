package org.tiedbert.export;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Where the masks are, in reading order. Dimensions: N sequences, S tokens, M masks.
 *
 * @param positions int32 [M, 2], sequence and place in it
 * @param rows int32 [M], rows of the features [N·S, H]
 */
record MaskedTokens(Operand<TInt32> positions, Operand<TInt32> rows) {
  /**
   * @param inputIds int32 [N, S]
   * @param maskId of [MASK]
   */
  static MaskedTokens among(Ops tf, Operand<TInt32> inputIds, int maskId) {
    Operand<TBool> isMask = tf.math.equal(inputIds, tf.constant(maskId)); // [N, S]
    Operand<TInt64> positions = tf.where(isMask); // [M, 2]
    Operand<TInt64> flat = tf.where(tf.reshape(isMask, tf.array(-1))); // [M, 1]
    return new MaskedTokens(
        tf.dtypes.cast(positions, TInt32.class),
        tf.reshape(tf.dtypes.cast(flat, TInt32.class), tf.array(-1)));
  }
}
