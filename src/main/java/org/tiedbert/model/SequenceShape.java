package org.tiedbert.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/**
 * How many sequences there are and how long they are: constants in training, whose shapes are
 * static, and read from the input in a graph that serves any batch.
 *
 * @param numRows int32 scalar, R
 * @param length int32 scalar, S
 */
public record SequenceShape(Operand<TInt32> numRows, Operand<TInt32> length) {

  /** The same for every run of the graph. */
  public static SequenceShape fixed(Ops tf, int numRows, int length) {
    return new SequenceShape(tf.constant(numRows), tf.constant(length));
  }

  /**
   * Whatever the graph is fed.
   *
   * @param inputIds int32 [R, S]
   */
  public static SequenceShape of(Ops tf, Operand<TInt32> inputIds) {
    List<Operand<TInt32>> sizes = List.copyOf(tf.unstack(tf.shape(inputIds), 2L).output());
    return new SequenceShape(sizes.get(0), sizes.get(1));
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
