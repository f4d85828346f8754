package org.tiedbert.export;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * Code points into the codes of the characters they become, see {@link CharacterTable}. Dimensions:
 * C code points, D characters.
 */
final class CharacterCodes {
  private final Ops tf;
  private final CharacterTable table;
  private final Operand<TInt32> pages;
  private final Operand<TInt32> rows;

  CharacterCodes(Ops tf, CharacterTable table, SharedConstants constants) {
    this.tf = tf;
    this.table = table;
    this.pages = constants.of(tf, table.pages());
    Shape shape = Shape.of(table.rows().length / table.width(), table.width());
    this.rows = constants.of(tf, table.rows(), shape);
  }

  /**
   * @param codePoints int32 [C]
   * @return int32 [D]
   */
  Operand<TInt32> apply(Operand<TInt32> codePoints) {
    Operand<TInt32> page =
        at(pages, tf.bitwise.rightShift(codePoints, tf.constant(CharacterTable.PAGE_BITS))); // [C]
    Operand<TInt32> within =
        tf.bitwise.bitwiseAnd(codePoints, tf.constant((1 << CharacterTable.PAGE_BITS) - 1)); // [C]
    Operand<TInt32> codes =
        tf.reshape(at(rows, tf.math.add(page, within)), tf.array(-1)); // [C · width]
    Operand<TInt32> characters = at(codes, flat(tf.where(codes))); // [D]
    return table.sortsMarks() ? withSortedMarks(characters) : characters;
  }

  /** Sorts marks stably by order within each run. */
  private Operand<TInt32> withSortedMarks(Operand<TInt32> codes) {
    Operand<TInt32> orders =
        at(
            tf.constant(table.markOrders()),
            tf.bitwise.rightShift(codes, tf.constant(CharacterTable.KIND_BITS))); // [D]
    Operand<TInt32> starters =
        tf.dtypes.cast(tf.math.equal(orders, tf.constant(0)), TInt32.class); // [D]
    Operand<TInt32> runs = tf.math.cumsum(starters, tf.constant(0)); // [D]
    Operand<TInt64> marks = tf.where(orders); // [M, 1]
    Operand<TInt32> keys =
        tf.math.add(
            tf.math.mul(at(runs, flat(marks)), tf.constant(table.maxMarkOrder() + 1)),
            at(orders, flat(marks))); // [M]
    Operand<TInt32> sorted =
        tf.nn.topK(tf.math.neg(keys), tf.size(keys), TInt32.class).indices(); // [M]
    Operand<TInt32> inOrder = at(at(codes, flat(marks)), sorted); // [M]
    Operand<TInt32> all = tf.tensorScatterNdUpdate(codes, marks, inOrder); // [D]
    Operand<TInt64> kept =
        tf.where(
            tf.math.notEqual(
                all, tf.constant(CharacterTable.END_OF_MARKS_ID << CharacterTable.KIND_BITS)));
    return at(all, flat(kept));
  }

  private Operand<TInt32> at(Operand<TInt32> values, Operand<? extends TNumber> places) {
    return tf.gather(values, places, tf.constant(0));
  }

  private Operand<TInt64> flat(Operand<TInt64> places) {
    return tf.reshape(places, tf.array(-1));
  }
}
