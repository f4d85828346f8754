package org.tiedbert.optim;

import org.tensorflow.Operand;
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
    Operand<TFloat32> kept = decays ? tf.math.mul(value, keptShare(tf, learningRate)) : value;
    Operand<TFloat32> step =
        tf.math.mul(r.quotient(), tf.math.mul(learningRate, r.factor())); // η·r
    return new Update(tf.math.sub(kept, step), r.firstMoment(), r.secondMoment());
  }

  /** 1 − η·λ: the share of the value that decay leaves. */
  private Operand<TFloat32> keptShare(Ops tf, Operand<TFloat32> learningRate) {
    return tf.math.sub(
        tf.constant(1f), tf.math.mul(learningRate, tf.constant((float) weightDecay)));
  }
}
