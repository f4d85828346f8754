package org.tiedbert.noise;

import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tiedbert.text.Vocabulary;

/**
 * What noise must know of a vocabulary: which ids are never touched ([PAD], [CLS], [SEP] and a
 * [MASK] that stands in the text itself), which may stand in for another token (every id that is
 * not one of those nor [UNK]), and which continue a word ({@code ##} pieces). [UNK] is a token like
 * any other and may be masked. Ids may be in any order.
 */
public final class NoiseVocabulary {
  private static final List<String> UNTOUCHED =
      List.of(Vocabulary.PAD, Vocabulary.CLS, Vocabulary.SEP, Vocabulary.MASK);

  private final int maskId;
  private final int[] untouchedIds;
  private final int[] specialIds;
  private final boolean[] continuation;

  private NoiseVocabulary(
      int maskId, int[] untouchedIds, int[] specialIds, boolean[] continuation) {
    this.maskId = maskId;
    this.untouchedIds = untouchedIds;
    this.specialIds = specialIds;
    this.continuation = continuation;
  }

  /**
   * @param tokens the vocabulary in the order of its ids
   * @throws IllegalArgumentException if a special token is missing, or fewer than two others exist
   */
  public static NoiseVocabulary of(List<String> tokens) {
    int[] untouchedIds = UNTOUCHED.stream().mapToInt(token -> idOf(tokens, token)).toArray();
    int[] specialIds =
        IntStream.concat(IntStream.of(untouchedIds), IntStream.of(idOf(tokens, Vocabulary.UNK)))
            .sorted()
            .toArray();
    if (tokens.size() < specialIds.length + 2) {
      throw new IllegalArgumentException(
          "noise needs a vocabulary of at least two tokens beside the special ones, got %d tokens"
              .formatted(tokens.size()));
    }
    boolean[] continuation = new boolean[tokens.size()];
    for (int id = 0; id < continuation.length; id++) {
      continuation[id] = tokens.get(id).startsWith(Vocabulary.CONTINUATION);
    }
    return new NoiseVocabulary(
        idOf(tokens, Vocabulary.MASK), untouchedIds, specialIds, continuation);
  }

  private static int idOf(List<String> tokens, String token) {
    int id = tokens.indexOf(token);
    if (id < 0) {
      throw new IllegalArgumentException(
          "noise needs a vocabulary with %s, got %d tokens without it"
              .formatted(token, tokens.size()));
    }
    return id;
  }

  int maskId() {
    return maskId;
  }

  /** Whether noise may touch a position, bool of the shape of {@code ids}. */
  Operand<TBool> isMaskable(Ops tf, Operand<TInt32> ids) {
    Operand<TBool> untouched = tf.math.equal(ids, tf.constant(untouchedIds[0]));
    for (int i = 1; i < untouchedIds.length; i++) {
      untouched = tf.math.logicalOr(untouched, tf.math.equal(ids, tf.constant(untouchedIds[i])));
    }
    return tf.math.logicalNot(untouched);
  }

  /** Whether a token is a later piece of a word, bool of the shape of {@code ids}. */
  Operand<TBool> isContinuation(Ops tf, Operand<TInt32> ids) {
    return tf.gather(tf.constant(continuation), ids, tf.constant(0));
  }

  /** Tokens drawn uniformly from those that are not special: the ⌊u·M/2³¹⌋-th of M. */
  Operand<TInt32> tokensAt(Ops tf, Operand<TInt32> uint31) {
    Operand<TInt64> numTokens = tf.constant((long) continuation.length - specialIds.length);
    Operand<TInt64> product = tf.math.mul(tf.dtypes.cast(uint31, TInt64.class), numTokens);
    Operand<TInt64> ordinal = tf.bitwise.rightShift(product, tf.constant(31L));
    return skipSpecial(tf, tf.dtypes.cast(ordinal, TInt32.class));
  }

  /** For every id another one that is not special: the next such id, the first after the last. */
  Operand<TInt32> anotherToken(Ops tf, Operand<TInt32> ids) {
    Operand<TInt32> ordinal = ids;
    for (int specialId : specialIds) {
      ordinal = tf.math.sub(ordinal, indicator(tf, ids, specialId));
    }
    Operand<TInt32> numTokens = tf.constant(continuation.length - specialIds.length);
    Operand<TInt32> next = tf.math.add(ordinal, tf.constant(1));
    return skipSpecial(tf, tf.math.floorMod(next, numTokens));
  }

  /** From the ordinal among the tokens that are not special to the id; special ids ascend. */
  private Operand<TInt32> skipSpecial(Ops tf, Operand<TInt32> ordinals) {
    Operand<TInt32> ids = ordinals;
    for (int specialId : specialIds) {
      ids = tf.math.add(ids, indicator(tf, ids, specialId));
    }
    return ids;
  }

  /** 1 where {@code ids} ≥ {@code bound}, else 0. */
  private static Operand<TInt32> indicator(Ops tf, Operand<TInt32> ids, int bound) {
    return tf.dtypes.cast(tf.math.greaterEqual(ids, tf.constant(bound)), TInt32.class);
  }
}
