package org.tiedbert.noise;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * What stands in a chosen position: [MASK] with probability {@code maskProb}, a random token that
 * is not special with {@code randomProb}, else the token itself (BERT, Devlin et al. 2019, section
 * 3.1: 0.8, 0.1, 0.1). Unlike google-research/bert, a random token is never a special one.
 */
record Replacement(double maskProb, double randomProb) {
  Replacement {
    if (!(maskProb >= 0 && randomProb >= 0 && maskProb + randomProb <= 1 + 1e-9)) {
      throw new IllegalArgumentException(
          "maskProb and randomProb must not be negative and must add up to at most 1, got %s and %s"
              .formatted(maskProb, randomProb));
    }
  }

  /**
   * @param chosen bool [B, S]
   * @param action int32 [B, S], uniform in [0, 2³¹): decides between the three
   * @param token int32 [B, S], uniform in [0, 2³¹): picks the random token
   * @return int32 [B, S]
   */
  Operand<TInt32> apply(
      Ops tf,
      NoiseVocabulary vocabulary,
      Operand<TInt32> ids,
      Operand<TBool> chosen,
      Operand<TInt32> action,
      Operand<TInt32> token) {
    Operand<TBool> masked = below(tf, action, maskProb); // [B, S]
    Operand<TBool> replaced = below(tf, action, maskProb + randomProb); // [B, S]
    Operand<TInt32> random = vocabulary.tokensAt(tf, token); // [B, S]
    Operand<TInt32> randomOrSame = tf.select(replaced, random, ids); // [B, S]
    Operand<TInt32> noised =
        tf.select(masked, tf.constant(vocabulary.maskId()), randomOrSame); // [B, S]
    return tf.select(chosen, noised, ids); // [B, S]
  }

  private static Operand<TBool> below(Ops tf, Operand<TInt32> uint31, double prob) {
    // u < p·2³¹ as u ≤ p·2³¹ − 1, which is an int32 for p = 1 too.
    long bound = Math.round(Math.min(prob, 1) * 0x1p31) - 1;
    return tf.math.lessEqual(uint31, tf.constant((int) bound));
  }
}
