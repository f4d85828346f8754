package org.tiedbert.optim;

import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** One update of one parameter from its gradient and its two moments, as graph operations. */
public sealed interface Optimizer permits AdamW, Lamb {

  /**
   * A variable that an update assigns.
   *
   * @param value float32, what it holds before
   */
  record Slot(Operand<? extends TType> handle, Operand<TFloat32> value) {}

  /** A parameter and its moments, of one and the same shape. */
  record Slots(Slot parameter, Slot firstMoment, Slot secondMoment) {}

  /**
   * Adds the operations of one update.
   *
   * @param gradient float32, of the parameter's shape
   * @param decays whether weight decay applies, see {@link #decays(String)}
   * @param learningRate float32 scalar η
   * @param updateNumber float32 scalar t ≥ 1: how many updates these moments have had with this one
   * @return after which parameter and moments have their new values
   */
  Op update(
      Ops tf,
      Slots slots,
      Operand<TFloat32> gradient,
      boolean decays,
      Operand<TFloat32> learningRate,
      Operand<TFloat32> updateNumber);

  /**
   * Whether weight decay applies to a parameter: to all but biases and LayerNorm's gamma and beta,
   * as in google-research/bert.
   *
   * @param parameterName path of the parameter, such as {@code bert/pooler/dense/bias}
   */
  static boolean decays(String parameterName) {
    return !parameterName.endsWith("bias") && !parameterName.contains("LayerNorm");
  }
}
