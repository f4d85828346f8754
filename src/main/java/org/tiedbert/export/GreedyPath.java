package org.tiedbert.export;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Where tokens of a word start if each goes on where the one before ended, given how far the token
 * at <i>every</i> place would go. All words at once by pointer jumping: jumps of one token,
 * composed with themselves, are jumps of two, those of four and so on, and from the start of its
 * word each place goes as far towards itself as it can, in long jumps first. Tokens start at the
 * places that reach themselves. Dimensions: W words, P places, each word's followed by the place
 * after it.
 */
final class GreedyPath {
  /** A word of at most 100 characters is at most 100 tokens, or 2⁶ + … + 2⁰ and fewer jumps. */
  private static final int NUM_DOUBLINGS = 7;

  private final Ops tf;
  private final Operand<TInt32> first;
  private final Operand<TInt32> last;

  /**
   * @param first int32 [W], the place where each word starts
   * @param last int32 [W], the place after each
   */
  GreedyPath(Ops tf, Operand<TInt32> first, Operand<TInt32> last) {
    this.tf = tf;
    this.first = first;
    this.last = last;
  }

  /**
   * @param lengths int32 [P], of the token at each place, 0 for none
   * @return int64 [·], in order, the places where tokens start in words that tokens make up
   */
  Operand<TInt64> tokens(Operand<TInt32> lengths) {
    Operand<TInt32> all = tf.range(tf.constant(0), tf.size(lengths), tf.constant(1)); // [P]
    List<Operand<TInt32>> jumps = jumps(all, lengths);
    Operand<TInt32> reached = firstOfOwnWord(lengths); // [P]
    for (int i = NUM_DOUBLINGS - 1; i >= 0; i--) {
      Operand<TInt32> next = at(jumps.get(i), reached); // [P]
      reached = tf.select(tf.math.lessEqual(next, all), next, reached);
    }
    Operand<TBool> isOnPath = tf.math.equal(reached, all); // [P]
    Operand<TInt32> isLast = marked(lengths, last); // [P]
    Operand<TInt32> leadsToLast = at(isLast, jumps.get(NUM_DOUBLINGS)); // [P]
    Operand<TBool> isOfWord = tf.math.greater(leadsToLast, isLast); // [P]
    return tf.reshape(tf.where(tf.math.logicalAnd(isOnPath, isOfWord)), tf.array(-1));
  }

  /** int32 [P] each: where one token leads from each place, then two, four … 2⁷. */
  private List<Operand<TInt32>> jumps(Operand<TInt32> all, Operand<TInt32> lengths) {
    List<Operand<TInt32>> jumps = new ArrayList<>();
    jumps.add(
        tf.tensorScatterNdUpdate(
            tf.math.add(all, lengths), column(last), last)); // none leaves its word
    for (int i = 0; i < NUM_DOUBLINGS; i++) {
      jumps.add(at(jumps.get(i), jumps.get(i)));
    }
    return jumps;
  }

  private Operand<TInt32> firstOfOwnWord(Operand<TInt32> lengths) {
    Operand<TInt32> wordsSoFar =
        tf.math.cumsum(marked(lengths, first), tf.constant(0)); // [P], from 1 on
    return at(first, tf.math.sub(wordsSoFar, tf.constant(1))); // [P]
  }

  /** int32 [P], 1 at the places and 0 elsewhere. */
  private Operand<TInt32> marked(Operand<TInt32> likeAll, Operand<TInt32> places) {
    return tf.tensorScatterNdUpdate(tf.zerosLike(likeAll), column(places), tf.onesLike(places));
  }

  private Operand<TInt32> at(Operand<TInt32> values, Operand<TInt32> places) {
    return tf.gather(values, places, tf.constant(0));
  }

  private Operand<TInt32> column(Operand<TInt32> places) {
    return tf.expandDims(places, tf.constant(1));
  }
}
