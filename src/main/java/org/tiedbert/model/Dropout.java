package org.tiedbert.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint16;
import org.tiedbert.noise.RandomBits;

/**
 * Inverted dropout (Srivastava et al. 2014): each element is dropped with the given probability and
 * the others are divided by that of keeping them. What is dropped depends on the seed, the step,
 * the stream's name and the sequence's row in the global batch, and on nothing else.
 *
 * <p>Sixteen random bits decide on an element, so the probability is rounded to a multiple of 2⁻¹⁶;
 * the scale is that of the rounded one, so the expectation is exact.
 */
public final class Dropout {
  private static final int RESOLUTION = 1 << 16;

  private final RandomBits bits;
  private final long numRows;
  private final Operand<TInt32> countedRows;

  private Dropout(RandomBits bits, long numRows, Operand<TInt32> countedRows) {
    this.bits = bits;
    this.numRows = numRows;
    this.countedRows = countedRows;
  }

  /** Drops nothing: evaluation and serving. */
  public static Dropout none() {
    return new Dropout(null, 0, null);
  }

  /**
   * @param numRows R, the number of sequences in every tensor this is applied to
   */
  public static Dropout of(RandomBits bits, long numRows) {
    return new Dropout(bits, numRows, null);
  }

  /**
   * For tensors whose shapes are known when the graph runs. What is dropped of a sequence depends
   * on the length that it is padded to as well.
   *
   * @param numRows int32 scalar R, the number of sequences in every tensor this is applied to
   */
  public static Dropout of(RandomBits bits, Operand<TInt32> numRows) {
    return new Dropout(bits, 0, numRows);
  }

  /**
   * @param prob probability of dropping
   * @param stream name of this place in the network; every place needs its own
   * @param input float32, of a shape whose elements are laid out sequence by sequence
   * @return float32, the shape of input
   */
  Operand<TFloat32> apply(Ops tf, double prob, String stream, Operand<TFloat32> input) {
    int threshold = (int) Math.round(prob * RESOLUTION);
    if (bits == null || threshold == 0) {
      return input;
    }
    Operand<TUint16> random =
        countedRows == null ? random(tf, stream, input) : randomCounted(tf, stream, input);
    Operand<TBool> kept = tf.math.greaterEqual(random, uint16(tf, threshold));
    Operand<TFloat32> scale = tf.constant((float) RESOLUTION / (RESOLUTION - threshold));
    Operand<TFloat32> dropped = tf.math.mul(input, mask(tf, kept, scale));
    return CustomGradient.DROPOUT.of(tf, dropped, List.of(input), kept, scale);
  }

  /** What elements are multiplied by, and their gradients: float32 of the shape of kept. */
  static Operand<TFloat32> mask(Ops tf, Operand<TBool> kept, Operand<TFloat32> scale) {
    return tf.math.mul(tf.dtypes.cast(kept, TFloat32.class), scale);
  }

  private Operand<TUint16> random(Ops tf, String stream, Operand<TFloat32> input) {
    long elementsPerRow = input.shape().size() / numRows;
    return tf.reshape(
        bits.uint16(tf, stream, numRows, elementsPerRow), tf.constant(input.shape().asArray()));
  }

  private Operand<TUint16> randomCounted(Ops tf, String stream, Operand<TFloat32> input) {
    Operand<TInt64> rows = tf.dtypes.cast(countedRows, TInt64.class);
    Operand<TInt64> elementsPerRow = tf.math.floorDiv(tf.size(input, TInt64.class), rows);
    return tf.reshape(bits.uint16(tf, stream, rows, elementsPerRow), tf.shape(input));
  }

  private static Operand<TUint16> uint16(Ops tf, int value) {
    try (TUint16 scalar = TUint16.scalarOf((short) value)) {
      return tf.constantOf(scalar);
    }
  }
}
