package org.tiedbert.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * How many sequences there are, how long they are, and which of their tokens take part: constants
 * and all of them in training, whose shapes are static; read from the input in a graph that serves
 * any batch. Dimensions: R sequences, S tokens of each, T tokens that take part, R·S or fewer.
 *
 * @param numRows int32 scalar, R
 * @param length int32 scalar, S
 * @param packing which tokens take part, empty for all
 */
public record SequenceShape(
    Operand<TInt32> numRows, Operand<TInt32> length, Optional<Packing> packing) {

  /**
   * The real tokens and where they are.
   *
   * @param tokens int32 [T], the rows of R·S that are real tokens, ascending
   * @param places int32 [R·S], for each real token its row of T, for padding that of another
   */
  record Packing(Operand<TInt32> tokens, Operand<TInt32> places) {}

  /** The same for every run of the graph. */
  public static SequenceShape fixed(Ops tf, int numRows, int length) {
    return new SequenceShape(tf.constant(numRows), tf.constant(length), Optional.empty());
  }

  /**
   * Whatever the graph is fed.
   *
   * @param inputIds int32 [R, S]
   */
  public static SequenceShape of(Ops tf, Operand<TInt32> inputIds) {
    List<Operand<TInt32>> sizes = List.copyOf(tf.unstack(tf.shape(inputIds), 2L).output());
    return new SequenceShape(sizes.get(0), sizes.get(1), Optional.empty());
  }

  /**
   * Whatever the graph is fed, of which only the real tokens pass through the products; in
   * attention alone sequences are padded. For batches of sequences of different lengths.
   *
   * @param attentionMask int32 [R, S]; 1 for real tokens, at least one of them, 0 for padding
   */
  public static SequenceShape packed(Ops tf, Operand<TInt32> attentionMask) {
    SequenceShape padded = of(tf, attentionMask);
    Operand<TInt32> mask = tf.reshape(attentionMask, tf.array(-1)); // [R·S]
    Operand<TInt64> real = tf.where(tf.math.greater(mask, tf.constant(0))); // [T, 1]
    Operand<TInt32> tokens = tf.reshape(tf.dtypes.cast(real, TInt32.class), tf.array(-1)); // [T]
    Operand<TInt32> count = tf.math.cumsum(mask, tf.constant(0)); // [R·S]
    Operand<TInt32> places =
        tf.math.maximum(tf.math.sub(count, tf.constant(1)), tf.constant(0)); // [R·S]
    return new SequenceShape(
        padded.numRows, padded.length, Optional.of(new Packing(tokens, places)));
  }

  /**
   * @param x float32 [T, H]
   * @return float32 [R·S, H], where padding holds some token's values
   */
  public Operand<TFloat32> pad(Ops tf, Operand<TFloat32> x) {
    return packing.<Operand<TFloat32>>map(p -> tf.gather(x, p.places, tf.constant(0))).orElse(x);
  }

  /**
   * @param x float32 [R·S, H]
   * @return float32 [T, H]
   */
  Operand<TFloat32> unpad(Ops tf, Operand<TFloat32> x) {
    return packing.<Operand<TFloat32>>map(p -> tf.gather(x, p.tokens, tf.constant(0))).orElse(x);
  }

  /** The vector [R, S, rest…], to reshape to. */
  Operand<TInt32> followedBy(Ops tf, int... rest) {
    return vector(tf, Stream.of(numRows, length), rest);
  }

  /** The vector [R, rest…, S]. */
  Operand<TInt32> around(Ops tf, int... middle) {
    return tf.stack(
        Stream.of(
                Stream.of(numRows),
                Arrays.stream(middle).<Operand<TInt32>>mapToObj(tf::constant),
                Stream.of(length))
            .flatMap(s -> s)
            .toList());
  }

  private static Operand<TInt32> vector(Ops tf, Stream<Operand<TInt32>> first, int... rest) {
    return tf.stack(
        Stream.concat(first, Arrays.stream(rest).<Operand<TInt32>>mapToObj(tf::constant)).toList());
  }
}
