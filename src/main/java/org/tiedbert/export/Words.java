package org.tiedbert.export;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * Characters into words, and the words into tokens. Dimensions: D characters and one space after
 * them, W words.
 */
final class Words {
  private final Ops tf;
  private final PieceTrie trie;
  private final SharedConstants constants;
  private final int unknown;

  /**
   * @param unknown the token of a word that no tokens make up, + 1
   */
  Words(Ops tf, PieceTrie trie, SharedConstants constants, int unknown) {
    this.tf = tf;
    this.trie = trie;
    this.constants = constants;
    this.unknown = unknown;
  }

  /**
   * @param codes int32 [D − 1], of {@link CharacterTable}
   * @return int32 [D], tokens + 1 where tokens start, 0 elsewhere
   */
  Operand<TInt32> tokens(Operand<TInt32> codes) {
    Operand<TInt32> space = tf.array(CharacterTable.SPACE_CODE);
    Operand<TInt32> spaces =
        tf.fill(tf.array(1 + trie.maxLength()), tf.constant(CharacterTable.SPACE_CODE));
    Operand<TInt32> padded = tf.concat(List.of(space, codes, spaces), tf.constant(0));
    Operand<TInt32> size = tf.math.add(tf.shape(codes), tf.constant(1)); // [1]
    Operand<TInt32> kinds =
        tf.bitwise.bitwiseAnd(
            padded, tf.constant((1 << CharacterTable.KIND_BITS) - 1)); // [D + 1 + maxLength]
    Operand<TInt32> before = tf.slice(kinds, tf.array(0), size); // [D]
    Operand<TInt32> kind = tf.slice(kinds, tf.array(1), size); // [D]

    // A word goes on where a letter follows a letter: both are 1, an isolated one is 2, a space 0.
    Operand<TInt32> afterLetter =
        tf.bitwise.bitwiseAnd(before, tf.constant(CharacterTable.LETTER)); // [D]
    Operand<TInt32> goesOn = tf.bitwise.bitwiseAnd(kind, afterLetter); // [D], 1 or 0
    Operand<TInt32> starts = places(tf.math.greater(kind, afterLetter)); // [W]
    Operand<TInt32> ends = places(tf.math.greater(before, goesOn)); // [W]

    Operand<TInt32> ids =
        tf.slice(
            tf.bitwise.rightShift(padded, tf.constant(CharacterTable.KIND_BITS)),
            tf.array(1),
            tf.array(-1)); // [D + maxLength]
    Operand<TInt32> states = tf.math.mul(goesOn, tf.constant(trie.continuation())); // [D]
    Operand<TInt32> matches = new LongestMatch(tf, trie, constants).apply(states, ids); // [D]
    return new Segmentation(tf, unknown).apply(starts, ends, matches);
  }

  private Operand<TInt32> places(Operand<TBool> where) {
    return tf.dtypes.cast(tf.reshape(tf.where(where), tf.array(-1)), TInt32.class);
  }
}
