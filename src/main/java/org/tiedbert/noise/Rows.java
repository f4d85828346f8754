package org.tiedbert.noise;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** Sums, lookups and random orders along each row of a batch. Dimensions: B rows, S columns. */
final class Rows {
  private Rows() {}

  /** Running sum along the row, each element included; int32 [B, S], sums below 2²⁴. */
  static Operand<TInt32> runningSum(Ops tf, Operand<TInt32> values) {
    // Float, because there is no GPU kernel for integers; exact below 2²⁴.
    Operand<TFloat32> sums = tf.math.cumsum(asFloat(tf, values), tf.constant(1)); // [B, S]
    return tf.dtypes.cast(sums, TInt32.class);
  }

  /** Element (b, k) is {@code values[b, columns[b, k]]}. */
  static <T extends TType> Operand<T> at(Ops tf, Operand<T> values, Operand<TInt32> columns) {
    return tf.gather(values, columns, tf.constant(1), Gather.batchDims(1L));
  }

  /** Element (b, k) is the sum of {@code values[b, i]} over all i with columns[b, i] = k. */
  static Operand<TInt32> sumInto(
      Ops tf, Operand<TInt32> values, Operand<TInt32> columns, int numColumns) {
    int numRows = (int) values.shape().get(0);
    Operand<TInt32> rowStart =
        tf.range(tf.constant(0), tf.constant(numRows * numColumns), tf.constant(numColumns)); // [B]
    Operand<TInt32> cells =
        tf.math.add(columns, tf.reshape(rowStart, tf.array(numRows, 1))); // [B, S]
    Operand<TInt32> sums =
        tf.math.unsortedSegmentSum(values, cells, tf.constant(numRows * numColumns)); // [B·C]
    return tf.reshape(sums, tf.array(numRows, numColumns)); // [B, C]
  }

  /**
   * Keys that put the columns of a row in random order, largest first: the high bits are random,
   * the low bits are the column, so no two keys of a row are equal.
   *
   * @return int32 [B, S], not negative
   */
  static Operand<TInt32> randomKeys(
      Ops tf, RandomBits bits, String stream, int numRows, int numColumns) {
    int columnBits = Integer.highestOneBit(numColumns) * 2 - 1;
    Operand<TInt32> random = bits.uint31(tf, stream, numRows, numColumns); // [B, S]
    Operand<TInt32> high = tf.bitwise.bitwiseAnd(random, tf.constant(~columnBits));
    return tf.math.add(high, columns(tf, numColumns)); // [B, S]
  }

  /** The k largest of each row in falling order, and where they stand. */
  static TopK<TInt32, TInt32> largest(Ops tf, Operand<TInt32> values, int k) {
    return tf.nn.topK(values, tf.constant(k), TInt32.class);
  }

  /** 0, 1, … S − 1, int32 [S]. */
  static Operand<TInt32> columns(Ops tf, int numColumns) {
    return tf.range(tf.constant(0), tf.constant(numColumns), tf.constant(1));
  }

  private static Operand<TFloat32> asFloat(Ops tf, Operand<TInt32> values) {
    return tf.dtypes.cast(values, TFloat32.class);
  }
}
