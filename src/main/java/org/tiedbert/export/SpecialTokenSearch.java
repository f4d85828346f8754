package org.tiedbert.export;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Puts one code point in the place of each special token that a text spells, before anything else
 * is done to the text, as Hugging Face's {@code added_tokens} are found. No two of {@code [PAD]},
 * {@code [MASK]} and their like can overlap, as each has its only bracket that opens at its start.
 * Dimensions: C characters, K opening brackets, T special tokens, L characters of the longest, F
 * found.
 */
final class SpecialTokenSearch {
  private static final int NOTHING = 0xfffd; // dropped from any text
  private static final int ANYTHING = -1;

  private final int[][] spellings;
  private final int[][] offsets;
  private final int[][] replacements;

  /**
   * @param tokens to be found, each starting with the character that all others do
   * @param firstPoint code point for the first of them, followed by those for the others
   */
  SpecialTokenSearch(List<String> tokens, int firstPoint) {
    int longest = tokens.stream().mapToInt(String::length).max().orElseThrow();
    spellings = new int[tokens.size()][longest];
    offsets = new int[tokens.size()][longest];
    replacements = new int[tokens.size()][longest];
    for (int token = 0; token < tokens.size(); token++) {
      String text = tokens.get(token);
      for (int i = 0; i < longest; i++) {
        spellings[token][i] = i < text.length() ? text.charAt(i) : ANYTHING;
        offsets[token][i] = Math.min(i, text.length() - 1);
        replacements[token][i] = i == 0 ? firstPoint + token : NOTHING;
      }
    }
  }

  /**
   * @param codePoints int32 [C], the texts one after the other, with something between them that no
   *     token has
   * @return int32 [C], with the same characters elsewhere
   */
  Operand<TInt32> replace(Ops tf, Operand<TInt32> codePoints) {
    Operand<TInt32> zero = tf.constant(0);
    Operand<TBool> opening = tf.math.equal(codePoints, tf.constant(spellings[0][0])); // [C]
    Operand<TInt32> places = tf.dtypes.cast(tf.where(opening), TInt32.class); // [K, 1]
    Operand<TInt32> lastPlace = tf.math.sub(tf.size(codePoints), tf.constant(1));
    Operand<TInt32> within =
        tf.math.minimum(
            tf.math.add(places, tf.range(zero, tf.constant(spellings[0].length), tf.constant(1))),
            lastPlace); // [K, L]
    Operand<TInt32> window =
        tf.expandDims(tf.gather(codePoints, within, zero), tf.constant(1)); // [K, 1, L]
    Operand<TInt32> spelled = tf.constant(StdArrays.ndCopyOf(spellings)); // [T, L]
    Operand<TBool> same =
        tf.math.logicalOr(
            tf.math.equal(window, spelled),
            tf.math.equal(spelled, tf.constant(ANYTHING))); // [K, T, L]
    Operand<TInt64> found = tf.where(tf.reduceAll(same, tf.array(2))); // [F, 2], place and token
    Operand<TInt64> place = tf.stridedSlice(found, Indices.all(), Indices.at(0)); // [F]
    Operand<TInt64> token = tf.stridedSlice(found, Indices.all(), Indices.at(1)); // [F]
    Operand<TInt32> replaced =
        tf.math.add(
            tf.gather(places, place, zero),
            tf.gather(tf.constant(StdArrays.ndCopyOf(offsets)), token, zero)); // [F, L]
    Operand<TInt32> replacement =
        tf.gather(tf.constant(StdArrays.ndCopyOf(replacements)), token, zero); // [F, L]
    return tf.tensorScatterNdUpdate(
        codePoints, tf.expandDims(replaced, tf.constant(2)), replacement);
  }
}
