package org.tiedbert.optim;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The four numbers of Adam (Kingma and Ba 2015, algorithm 1), checked:
 *
 * <pre>
 *   m = β₁·m + (1 − β₁)·g        v = β₂·v + (1 − β₂)·g²
 *   r = m̂/(√v̂ + ε)               m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)   or, uncorrected, m and v
 * </pre>
 *
 * The betas are the float32 nearest to those given, so that the two weights of an average add up to
 * 1 in the arithmetic of the graph too.
 */
record AdamSettings(double beta1, double beta2, double epsilon, boolean biasCorrection) {
  AdamSettings {
    beta1 = checked("beta1", beta1);
    beta2 = checked("beta2", beta2);
    if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
      throw new IllegalArgumentException("epsilon must be above 0, got %s".formatted(epsilon));
    }
  }

  private static double checked(String name, double beta) {
    if (!(beta >= 0 && beta < 1)) {
      throw new IllegalArgumentException("%s must lie in [0, 1), got %s".formatted(name, beta));
    }
    return (float) beta;
  }

  static void requireDecay(double weightDecay) {
    if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
      throw new IllegalArgumentException(
          "weightDecay must be at least 0, got %s".formatted(weightDecay));
    }
  }

  /**
   * The bias correction as two scalars, r = factor · m/(√v + ε'): whatever stays a scalar costs no
   * pass over a parameter's memory.
   *
   * @param factor float32 scalar, √(1 − β₂ᵗ)/(1 − β₁ᵗ), or 1 where uncorrected
   * @param epsilon float32 scalar ε', ε·√(1 − β₂ᵗ), or ε where uncorrected
   */
  record Correction(Operand<TFloat32> factor, Operand<TFloat32> epsilon) {}

  /**
   * @param updateNumber float32 scalar t
   */
  Correction correction(Ops tf, Operand<TFloat32> updateNumber) {
    Operand<TFloat32> constantEpsilon = tf.constant((float) epsilon);
    if (!biasCorrection) {
      return new Correction(tf.constant(1f), constantEpsilon);
    }
    Operand<TFloat32> root = tf.math.sqrt(oneMinusPower(tf, beta2, updateNumber)); // √(1 − β₂ᵗ)
    return new Correction(
        tf.math.div(root, oneMinusPower(tf, beta1, updateNumber)),
        tf.math.mul(constantEpsilon, root));
  }

  /** 1 − βᵗ as −expm1(t·ln β): in float32, 1 − 0.998 itself would be wrong in the fifth digit. */
  private static Operand<TFloat32> oneMinusPower(
      Ops tf, double beta, Operand<TFloat32> updateNumber) {
    Operand<TFloat32> logBeta = tf.constant((float) Math.log(beta)); // −∞ for β = 0: 1 − 0 = 1
    return tf.math.neg(tf.math.expm1(tf.math.mul(updateNumber, logBeta)));
  }
}
