package org.tiedbert.noise;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.family.TType;

/**
 * Random numbers as a pure function of seed, step, stream name and row: Philox4x32-10 (Salmon et
 * al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). Its 64-bit key is mix(seed, stream);
 * the high half of its 128-bit counter is the step, the low half counts along the rows. Key and
 * counter are made here and not by {@code StatelessRandomGetKeyCounter}, which gives others under
 * XLA.
 *
 * <p>Each value of the counter yields 4 × 32 bits. A row takes a whole number g of such groups, and
 * global row r starts at r · g. Row i of a call is global row {@code firstRow + i}, so a slice of
 * rows equals the same slice of the whole batch, however the batch was cut. Streams of different
 * names are independent; asking for one stream twice, also through another method or at another row
 * length, reads the same words again: give each use its own name.
 */
public final class RandomBits {
  private static final int PHILOX = 1;
  private static final int WORDS_PER_GROUP = 4;

  private final long seed;
  private final Operand<TInt64> step;
  private final Operand<TInt64> firstRow;

  /**
   * @param seed of the whole run
   * @param step int64 scalar, the optimizer step, counted from 0
   * @param firstRow int64 scalar, the global number of the first row of every call; not negative
   */
  public RandomBits(long seed, Operand<TInt64> step, Operand<TInt64> firstRow) {
    this.seed = seed;
    this.step = step;
    this.firstRow = firstRow;
  }

  /**
   * Integers uniform in [0, 2¹⁶): the cheapest source for yes-or-no decisions at a probability that
   * a multiple of 2⁻¹⁶ is close enough to.
   *
   * @return uint16 [numRows, elementsPerRow]
   */
  public Operand<TUint16> uint16(Ops tf, String stream, long numRows, long elementsPerRow) {
    long wordsPerRow = (elementsPerRow + 1) / 2;
    Operand<TInt32> words = words(tf, stream, numRows, wordsPerRow); // [R, G·4]
    Operand<TUint16> halves = tf.bitcast(words, TUint16.class); // [R, G·4, 2]
    long paddedPerRow = 2 * paddedWords(wordsPerRow);
    Operand<TUint16> rows = tf.reshape(halves, tf.array(numRows, paddedPerRow)); // [R, G·8]
    return firstColumns(tf, rows, numRows, elementsPerRow, paddedPerRow);
  }

  /**
   * The same values for a batch whose size is known when the graph runs.
   *
   * @param numRows int64 scalar, at least 1
   * @param elementsPerRow int64 scalar, at least 1
   * @return uint16 [numRows, elementsPerRow]
   */
  public Operand<TUint16> uint16(
      Ops tf, String stream, Operand<TInt64> numRows, Operand<TInt64> elementsPerRow) {
    long halvesPerGroup = 2L * WORDS_PER_GROUP;
    Operand<TInt64> groupsPerRow =
        tf.math.floorDiv(
            tf.math.add(elementsPerRow, tf.constant(halvesPerGroup - 1)),
            tf.constant(halvesPerGroup)); // G
    Operand<TInt64> paddedPerRow = tf.math.mul(groupsPerRow, tf.constant(halvesPerGroup)); // G·8
    Operand<TInt64> wordsPerRow =
        tf.math.mul(groupsPerRow, tf.constant((long) WORDS_PER_GROUP)); // G·4
    Operand<TInt32> words =
        words(tf, stream, tf.stack(List.of(numRows, wordsPerRow)), groupsPerRow); // [R, G·4]
    Operand<TUint16> halves = tf.bitcast(words, TUint16.class); // [R, G·4, 2]
    Operand<TUint16> rows = tf.reshape(halves, tf.stack(List.of(numRows, paddedPerRow)));
    return tf.slice(rows, tf.array(0L, 0L), tf.stack(List.of(numRows, elementsPerRow)));
  }

  /**
   * Integers uniform in [0, 2³¹).
   *
   * @return int32 [numRows, elementsPerRow]
   */
  public Operand<TInt32> uint31(Ops tf, String stream, long numRows, long elementsPerRow) {
    Operand<TInt32> words = words(tf, stream, numRows, elementsPerRow);
    Operand<TInt32> rows =
        firstColumns(tf, words, numRows, elementsPerRow, paddedWords(elementsPerRow));
    return tf.bitwise.bitwiseAnd(rows, tf.constant(Integer.MAX_VALUE));
  }

  /**
   * Numbers uniform over the multiples of 2⁻²⁴ in [0, 1), each exact in float32.
   *
   * @return float32 [numRows, elementsPerRow]
   */
  public Operand<TFloat32> uniform(Ops tf, String stream, long numRows, long elementsPerRow) {
    Operand<TInt32> bits31 = uint31(tf, stream, numRows, elementsPerRow);
    Operand<TInt32> bits24 = tf.bitwise.rightShift(bits31, tf.constant(7));
    return tf.math.mul(tf.dtypes.cast(bits24, TFloat32.class), tf.constant(0x1p-24f));
  }

  /** Raw 32-bit words, int32 [R, G·4] with G·4 the words asked for, rounded up to whole groups. */
  private Operand<TInt32> words(Ops tf, String stream, long numRows, long wordsPerRow) {
    if (numRows < 1 || wordsPerRow < 1) {
      throw new IllegalArgumentException(
          "stream %s needs at least one row of at least one element, got %d rows of %d words"
              .formatted(stream, numRows, wordsPerRow));
    }
    long paddedPerRow = paddedWords(wordsPerRow);
    return words(
        tf, stream, tf.array(numRows, paddedPerRow), tf.constant(paddedPerRow / WORDS_PER_GROUP));
  }

  /**
   * @param shape int64 [2], rows and words of each
   * @param groupsPerRow int64 scalar, words over {@link #WORDS_PER_GROUP}
   */
  private Operand<TInt32> words(
      Ops tf, String stream, Operand<TInt64> shape, Operand<TInt64> groupsPerRow) {
    Operand<TInt64> key = tf.constant(new long[] {mix(seed, stream)}); // [1]
    Operand<TInt64> firstGroup = tf.math.mul(firstRow, groupsPerRow);
    Operand<TInt64> counter = tf.stack(List.of(firstGroup, step)); // [2], low half first
    return tf.random.statelessRandomUniformFullIntV2(
        shape, asUint64(tf, key), asUint64(tf, counter), tf.constant(PHILOX), TInt32.class);
  }

  private static long paddedWords(long words) {
    return (words + WORDS_PER_GROUP - 1) / WORDS_PER_GROUP * WORDS_PER_GROUP;
  }

  private static <T extends TType> Operand<T> firstColumns(
      Ops tf, Operand<T> rows, long numRows, long columns, long paddedColumns) {
    return columns == paddedColumns
        ? rows
        : tf.slice(rows, tf.array(0L, 0L), tf.array(numRows, columns));
  }

  /** TensorFlow Java has no class for uint64, so its {@code bitcast} cannot name the type. */
  private static Operand<? extends TType> asUint64(Ops tf, Operand<TInt64> value) {
    return tf.scope()
        .opBuilder("Bitcast", "Bitcast")
        .addInput(value.asOutput())
        .setAttr("type", DataType.DT_UINT64)
        .build()
        .<TType>output(0);
  }

  private static long mix(long seed, String stream) {
    return Hashing.murmur3_128()
        .newHasher()
        .putLong(seed)
        .putString(stream, StandardCharsets.UTF_8)
        .hash()
        .asLong();
  }
}
