package org.tiedbert.optim;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam's new moments and step direction r (Kingma and Ba 2015, algorithm 1), which AdamW and LAMB
 * share:
 *
 * <pre>
 *   m = β₁·m + (1 − β₁)·g        v = β₂·v + (1 − β₂)·g²
 *   r = m̂/(√v̂ + ε)               m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)   or, uncorrected, m and v
 * </pre>
 *
 * r is held as {@code factor · quotient}, a scalar times m/(√v + ε·√(1 − β₂ᵗ)), because whatever
 * stays a scalar costs no pass over the parameter's memory.
 *
 * @param factor float32 scalar, √(1 − β₂ᵗ)/(1 − β₁ᵗ), or 1 where uncorrected
 */
record AdamDirection(
    Operand<TFloat32> firstMoment,
    Operand<TFloat32> secondMoment,
    Operand<TFloat32> quotient,
    Operand<TFloat32> factor) {

  /** The four numbers of Adam, checked. */
  record Settings(double beta1, double beta2, double epsilon, boolean biasCorrection) {
    Settings {
      requireBeta("beta1", beta1);
      requireBeta("beta2", beta2);
      if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
        throw new IllegalArgumentException("epsilon must be above 0, got %s".formatted(epsilon));
      }
    }

    private static void requireBeta(String name, double beta) {
      if (!(beta >= 0 && beta < 1)) {
        throw new IllegalArgumentException("%s must lie in [0, 1), got %s".formatted(name, beta));
      }
    }
  }

  static void requireDecay(double weightDecay) {
    if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
      throw new IllegalArgumentException(
          "weightDecay must be at least 0, got %s".formatted(weightDecay));
    }
  }

  static AdamDirection of(
      Ops tf,
      Settings adam,
      Operand<TFloat32> gradient,
      Operand<TFloat32> firstMoment,
      Operand<TFloat32> secondMoment,
      Operand<TFloat32> updateNumber) {
    Operand<TFloat32> m = average(tf, adam.beta1, firstMoment, gradient);
    Operand<TFloat32> v = average(tf, adam.beta2, secondMoment, tf.math.square(gradient));
    Operand<TFloat32> factor = tf.constant(1f);
    Operand<TFloat32> epsilon = tf.constant((float) adam.epsilon);
    if (adam.biasCorrection) {
      Operand<TFloat32> rootCorrection2 =
          tf.math.sqrt(oneMinusPower(tf, adam.beta2, updateNumber)); // √(1 − β₂ᵗ)
      factor = tf.math.div(rootCorrection2, oneMinusPower(tf, adam.beta1, updateNumber));
      epsilon = tf.math.mul(epsilon, rootCorrection2);
    }
    Operand<TFloat32> quotient = tf.math.div(m, tf.math.add(tf.math.sqrt(v), epsilon));
    return new AdamDirection(m, v, quotient, factor);
  }

  /** β·mean + (1 − β)·sample. */
  private static Operand<TFloat32> average(
      Ops tf, double beta, Operand<TFloat32> mean, Operand<TFloat32> sample) {
    return tf.math.add(
        tf.math.mul(tf.constant((float) beta), mean),
        tf.math.mul(tf.constant((float) (1 - beta)), sample));
  }

  /** 1 − βᵗ as −expm1(t·ln β): in float32, 1 − 0.999 itself would be wrong in the fifth digit. */
  private static Operand<TFloat32> oneMinusPower(
      Ops tf, double beta, Operand<TFloat32> updateNumber) {
    Operand<TFloat32> logBeta = tf.constant((float) Math.log(beta)); // −∞ for β = 0: 1 − 0 = 1
    return tf.math.neg(tf.math.expm1(tf.math.mul(updateNumber, logBeta)));
  }
}
