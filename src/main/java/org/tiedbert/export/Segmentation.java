package org.tiedbert.export;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.ragged.RaggedRange;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * Words into tokens, given the longest token at every place. Most words are one token; the others
 * of up to {@link PieceTrie#MAX_LENGTH} characters are taken apart along a {@link GreedyPath}.
 * Dimensions: D places, W words, V words of several tokens, P places in those.
 */
final class Segmentation {
  private static final int TOKEN_BITS = (1 << PieceTrie.LENGTH_SHIFT) - 1;

  private final Ops tf;
  private final int unknown;

  /**
   * @param unknown the token of a word that no tokens make up, + 1
   */
  Segmentation(Ops tf, int unknown) {
    this.tf = tf;
    this.unknown = unknown;
  }

  /**
   * @param starts int32 [W], the places where words start
   * @param ends int32 [W], the places after them
   * @param matches int32 [D], the longest token at each place, see {@link PieceTrie#match}
   * @return int32 [D], the tokens + 1 where they start, 0 elsewhere
   */
  Operand<TInt32> apply(Operand<TInt32> starts, Operand<TInt32> ends, Operand<TInt32> matches) {
    Operand<TInt32> numCharacters = tf.math.sub(ends, starts); // [W]
    Operand<TInt32> firsts = at(matches, starts); // [W]
    Operand<TBool> isOne = tf.math.equal(length(firsts), numCharacters); // [W]
    Operand<TInt32> tokens =
        tf.tensorScatterNdUpdate(
            tf.zerosLike(matches),
            column(starts),
            tf.select(isOne, token(firsts), tf.constant(unknown))); // [D], no word being several

    Operand<TBool> isShort =
        tf.math.lessEqual(numCharacters, tf.constant(PieceTrie.MAX_LENGTH)); // [W]
    Operand<TInt64> several =
        tf.reshape(
            tf.where(tf.math.logicalAnd(isShort, tf.math.logicalNot(isOne))), tf.array(-1)); // [V]
    return withSeveral(tokens, at(starts, several), at(ends, several), matches);
  }

  /**
   * @param starts int32 [V]
   * @param ends int32 [V]
   */
  private Operand<TInt32> withSeveral(
      Operand<TInt32> tokens,
      Operand<TInt32> starts,
      Operand<TInt32> ends,
      Operand<TInt32> matches) {
    RaggedRange<TInt32, TInt32> ranges =
        tf.ragged.raggedRange(
            starts, tf.math.add(ends, tf.constant(1)), tf.constant(1), TInt32.class);
    Operand<TInt32> places = ranges.rtDenseValues(); // [P], with the place after each word
    Operand<TInt32> splits = ranges.rtNestedSplits(); // [V + 1]
    Operand<TInt32> first = tf.slice(splits, tf.array(0), tf.shape(starts)); // [V]
    Operand<TInt32> next = tf.slice(splits, tf.array(1), tf.shape(starts)); // [V]
    Operand<TInt32> inWords = at(matches, places); // [P]
    Operand<TInt64> chosen =
        new GreedyPath(tf, first, tf.math.sub(next, tf.constant(1))).tokens(length(inWords));
    return tf.tensorScatterNdUpdate(tokens, column(at(places, chosen)), token(at(inWords, chosen)));
  }

  private Operand<TInt32> length(Operand<TInt32> matches) {
    return tf.bitwise.rightShift(matches, tf.constant(PieceTrie.LENGTH_SHIFT));
  }

  private Operand<TInt32> token(Operand<TInt32> matches) {
    return tf.bitwise.bitwiseAnd(matches, tf.constant(TOKEN_BITS));
  }

  private Operand<TInt32> at(Operand<TInt32> values, Operand<? extends TNumber> places) {
    return tf.gather(values, places, tf.constant(0));
  }

  private Operand<TInt32> column(Operand<TInt32> places) {
    return tf.expandDims(places, tf.constant(1));
  }
}
