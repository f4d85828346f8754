package org.tiedbert.export;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.ragged.RaggedRange;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * Words into tokens, each token the longest that goes on where the last one ended. From the longest
 * token at <i>every</i> place follows where each place jumps to, and which places are jumped to
 * from the start of a word follows in log₂ many doublings of the jumps (pointer jumping). Most
 * words are one token and take no part in that. Dimensions: D places, W words, P places in words of
 * several tokens.
 */
final class Segmentation {
  /** A word of at most 100 characters is at most 100 tokens, 99 jumps. */
  private static final int NUM_DOUBLINGS = 7;

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
   * @param ends int32 [W], the places after their last
   * @param matches int32 [D], the longest token at each place, see {@link PieceTrie#match}
   * @return int32 [D], the tokens + 1 where they start, 0 elsewhere
   */
  Operand<TInt32> apply(Operand<TInt32> starts, Operand<TInt32> ends, Operand<TInt32> matches) {
    Operand<TInt32> numCharacters = tf.math.sub(ends, starts); // [W]
    Operand<TInt32> match = at(matches, starts); // [W]
    Operand<TBool> several = tf.math.notEqual(length(match), numCharacters); // [W]
    Operand<TInt32> firsts =
        tf.select(several, tf.constant(unknown), token(match)); // [W], as if no word had several
    Operand<TInt32> tokens =
        tf.tensorScatterNdUpdate(tf.zerosLike(matches), column(starts), firsts); // [D]

    Operand<TBool> shortEnough =
        tf.math.lessEqual(numCharacters, tf.constant(PieceTrie.MAX_LENGTH)); // [W]
    Operand<TInt64> words = flat(tf.where(tf.math.logicalAnd(several, shortEnough)));
    RaggedRange<TInt32, TInt32> places =
        tf.ragged.raggedRange(
            at(starts, words),
            tf.math.add(at(ends, words), tf.constant(1)),
            tf.constant(1),
            TInt32.class); // [P], each word's with the place after it
    Operand<TInt32> splits = places.rtNestedSplits();
    Operand<TInt32> numWords = tf.shape(words); // [1]
    Operand<TInt32> first = tf.slice(splits, tf.array(0), numWords);
    Operand<TInt32> last = tf.math.sub(tf.slice(splits, tf.array(1), numWords), tf.constant(1));
    Operand<TInt32> inWords = at(matches, places.rtDenseValues()); // [P]
    Operand<TInt64> chosen = flat(chosen(first, last, length(inWords)));
    return tf.tensorScatterNdUpdate(
        tokens, column(at(places.rtDenseValues(), chosen)), token(at(inWords, chosen)));
  }

  /**
   * @param first int32, where in P each word starts
   * @param last int32, where in P the place after each word is
   * @param lengths int32 [P], of the longest tokens
   * @return int64 [·, 1], the places in P where tokens of a word start, if tokens make up the word
   */
  private Operand<TInt64> chosen(
      Operand<TInt32> first, Operand<TInt32> last, Operand<TInt32> lengths) {
    Operand<TInt32> nothing = tf.zerosLike(lengths); // [P]
    Operand<TInt32> isFirst = marked(nothing, first); // [P]
    Operand<TInt32> isLast = marked(nothing, last); // [P]
    Operand<TInt32> all = tf.range(tf.constant(0), tf.size(lengths), tf.constant(1)); // [P]
    List<Operand<TInt32>> jumps = new ArrayList<>();
    jumps.add(
        tf.tensorScatterNdUpdate(
            tf.math.add(all, lengths), column(last), last)); // [P], none leaves its word
    for (int i = 0; i < NUM_DOUBLINGS; i++) {
      jumps.add(at(jumps.get(i), jumps.get(i))); // [P], by 2, 4, 8 … tokens
    }
    Operand<TInt32> word = tf.math.cumsum(isFirst, tf.constant(0)); // [P], counted from 1
    Operand<TInt32> reached = at(first, tf.math.sub(word, tf.constant(1))); // [P]
    for (int i = NUM_DOUBLINGS - 1; i >= 0; i--) {
      Operand<TInt32> next = at(jumps.get(i), reached); // [P]
      reached = tf.select(tf.math.lessEqual(next, all), next, reached);
    }
    Operand<TBool> isToken = tf.math.equal(reached, all); // [P], or the place after the word
    Operand<TInt32> goesToEnd =
        tf.math.sub(at(isLast, jumps.get(NUM_DOUBLINGS)), isLast); // [P], 1 or 0
    return tf.where(tf.math.logicalAnd(isToken, tf.math.greater(goesToEnd, tf.constant(0))));
  }

  private Operand<TInt32> marked(Operand<TInt32> nothing, Operand<TInt32> places) {
    return tf.tensorScatterNdUpdate(nothing, column(places), tf.onesLike(places));
  }

  private Operand<TInt32> length(Operand<TInt32> match) {
    return tf.bitwise.rightShift(match, tf.constant(PieceTrie.LENGTH_SHIFT));
  }

  private Operand<TInt32> token(Operand<TInt32> match) {
    return tf.bitwise.bitwiseAnd(match, tf.constant(TOKEN_BITS));
  }

  private Operand<TInt32> at(Operand<TInt32> values, Operand<? extends TNumber> places) {
    return tf.gather(values, places, tf.constant(0));
  }

  private Operand<TInt32> column(Operand<TInt32> places) {
    return tf.expandDims(places, tf.constant(1));
  }

  private Operand<TInt64> flat(Operand<TInt64> places) {
    return tf.reshape(places, tf.array(-1));
  }
}
