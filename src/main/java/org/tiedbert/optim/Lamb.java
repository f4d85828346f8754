package org.tiedbert.optim;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
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
    new AdamSettings(beta1, beta2, epsilon, biasCorrection);
    AdamSettings.requireDecay(weightDecay);
  }

  @Override
  public Op update(
      Ops tf,
      Slots slots,
      Operand<TFloat32> gradient,
      boolean decays,
      Operand<TFloat32> learningRate,
      Operand<TFloat32> updateNumber) {
    AdamSettings adam = new AdamSettings(beta1, beta2, epsilon, biasCorrection);
    AdamSettings.Correction correction = adam.correction(tf, updateNumber);
    Operand<TFloat32> m = average(tf, adam.beta1(), slots.firstMoment(), gradient);
    Operand<TFloat32> v = average(tf, adam.beta2(), slots.secondMoment(), tf.math.square(gradient));
    Operand<TFloat32> quotient =
        tf.math.div(m, tf.math.add(tf.math.sqrt(v), correction.epsilon())); // r/factor
    Operand<TFloat32> value = slots.parameter().value();
    Operand<TFloat32> step =
        decays
            ? adaptedStep(tf, value, tf.math.mul(quotient, correction.factor()), learningRate)
            : tf.math.mul(quotient, tf.math.mul(learningRate, correction.factor()));
    List<Op> assignments =
        List.of(
            tf.assignVariableOp(slots.parameter().handle(), tf.math.sub(value, step)),
            tf.assignVariableOp(slots.firstMoment().handle(), m),
            tf.assignVariableOp(slots.secondMoment().handle(), v));
    return tf.withControlDependencies(assignments).noOp();
  }

  /** β·mean + (1 − β)·sample. */
  private static Operand<TFloat32> average(
      Ops tf, double beta, Slot mean, Operand<TFloat32> sample) {
    return tf.math.add(
        tf.math.mul(tf.constant((float) beta), mean.value()),
        tf.math.mul(tf.constant((float) (1 - beta)), sample));
  }

  /** η · (‖p‖/‖u‖) · u with u = r + λ·p. */
  private Operand<TFloat32> adaptedStep(
      Ops tf, Operand<TFloat32> value, Operand<TFloat32> r, Operand<TFloat32> learningRate) {
    Operand<TFloat32> u = tf.math.add(r, tf.math.mul(value, tf.constant((float) weightDecay)));
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
