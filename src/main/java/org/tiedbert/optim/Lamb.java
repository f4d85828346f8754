package org.tiedbert.optim;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * LAMB (You et al. 2019, arXiv 1904.00962, algorithm 2) with φ the identity:
 *
 * <pre>  p = p − η · (‖p‖/‖u‖) · u        u = r + λ·p,  r = m̂/(√v̂ + ε)</pre>
 *
 * The norms are those of the whole parameter, and the ratio is 1 where either norm is 0. The paper
 * leaves open what becomes of parameters without weight decay (biases, LayerNorm); as in Google's
 * own LAMB for ALBERT, TensorFlow Addons and NVIDIA's {@code FusedLAMB}, each by its default, their
 * ratio is 1: p = p − η·r. The paper corrects the moments' bias; {@code biasCorrection = false}, m̂
 * = m and v̂ = v, is what ALBERT's does.
 *
 * @param weightDecay λ, at least 0
 */
public record Lamb(
    double beta1, double beta2, double epsilon, double weightDecay, boolean biasCorrection)
    implements Optimizer {

  public Lamb {
    new AdamDirection.Settings(beta1, beta2, epsilon, biasCorrection);
    AdamDirection.requireDecay(weightDecay);
  }

  @Override
  public Update apply(
      Ops tf,
      Operand<TFloat32> value,
      Operand<TFloat32> gradient,
      Operand<TFloat32> firstMoment,
      Operand<TFloat32> secondMoment,
      boolean decays,
      Operand<TFloat32> learningRate,
      Operand<TFloat32> updateNumber) {
    AdamDirection.Settings adam = new AdamDirection.Settings(beta1, beta2, epsilon, biasCorrection);
    AdamDirection r = AdamDirection.of(tf, adam, gradient, firstMoment, secondMoment, updateNumber);
    Operand<TFloat32> step =
        decays
            ? adaptedStep(tf, value, r, learningRate)
            : tf.math.mul(r.quotient(), tf.math.mul(learningRate, r.factor()));
    return new Update(tf.math.sub(value, step), r.firstMoment(), r.secondMoment());
  }

  /** η · (‖p‖/‖u‖) · u. */
  private Operand<TFloat32> adaptedStep(
      Ops tf, Operand<TFloat32> value, AdamDirection r, Operand<TFloat32> learningRate) {
    Operand<TFloat32> u =
        tf.math.add(
            tf.math.mul(r.quotient(), r.factor()),
            tf.math.mul(value, tf.constant((float) weightDecay)));
    return tf.math.mul(u, tf.math.mul(learningRate, trustRatio(tf, value, u)));
  }

  /** ‖p‖/‖u‖ = √(‖p‖²/‖u‖²), 1 where either is 0; a scalar. */
  private static Operand<TFloat32> trustRatio(
      Ops tf, Operand<TFloat32> value, Operand<TFloat32> u) {
    Operand<TFloat32> valueNorm = tf.math.sqrt(tf.nn.l2Loss(value)); // ‖p‖/√2
    Operand<TFloat32> updateNorm = tf.math.sqrt(tf.nn.l2Loss(u)); // ‖u‖/√2
    Operand<TFloat32> zero = tf.constant(0f);
    Operand<TBool> bothPositive =
        tf.math.logicalAnd(tf.math.greater(valueNorm, zero), tf.math.greater(updateNorm, zero));
    return tf.select(bothPositive, tf.math.div(valueNorm, updateNorm), tf.constant(1f));
  }
}
