package org.tiedbert.optim;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), the decay scaled by
 * the learning rate η:
 *
 * <pre>  p = p − η·(r + λ·p)        r = m̂/(√v̂ + ε)</pre>
 *
 * With {@code biasCorrection} this is PyTorch's {@code torch.optim.AdamW}; without, m̂ = m and v̂ =
 * v, it is the {@code AdamWeightDecayOptimizer} that BERT was trained with.
 *
 * @param weightDecay λ, at least 0; not applied to parameters that do not decay
 */
public record AdamW(
    double beta1, double beta2, double epsilon, double weightDecay, boolean biasCorrection)
    implements Optimizer {

  public AdamW {
    new AdamSettings(beta1, beta2, epsilon, biasCorrection);
    AdamSettings.requireDecay(weightDecay);
  }

  /** TensorFlow's own kernel, one pass over parameter and moments in place, after the decay. */
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
    Ops decayed = decays ? tf.withControlDependencies(decay(tf, slots, learningRate)) : tf;
    Operand<TFloat32> none = tf.constant(0f); // as βᵗ: the kernel's own correction is less exact
    return decayed.train.resourceApplyAdam(
        slots.parameter().handle(),
        slots.firstMoment().handle(),
        slots.secondMoment().handle(),
        none,
        none,
        tf.math.mul(learningRate, correction.factor()),
        tf.constant((float) adam.beta1()),
        tf.constant((float) adam.beta2()),
        correction.epsilon(),
        gradient);
  }

  /** p = p − η·λ·p, in place. */
  private List<Op> decay(Ops tf, Slots slots, Operand<TFloat32> learningRate) {
    Operand<TFloat32> share = tf.math.mul(learningRate, tf.constant((float) weightDecay));
    return List.of(
        tf.assignSubVariableOp(
            slots.parameter().handle(), tf.math.mul(slots.parameter().value(), share)));
  }
}
