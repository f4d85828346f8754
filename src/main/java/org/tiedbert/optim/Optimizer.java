package org.tiedbert.optim;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** One update of one parameter from its gradient and its two moments, as graph operations. */
public sealed interface Optimizer permits AdamW, Lamb {

  /**
   * Adds the operations of one update. Nothing is assigned. {@code value}, {@code gradient}, {@code
   * firstMoment} and {@code secondMoment} are float32 of one and the same shape.
   *
   * @param decays whether weight decay applies, see {@link #decays(String)}
   * @param learningRate float32 scalar η
   * @param updateNumber float32 scalar t ≥ 1: how many updates these moments have had with this one
   */
  Update apply(
      Ops tf,
      Operand<TFloat32> value,
      Operand<TFloat32> gradient,
      Operand<TFloat32> firstMoment,
      Operand<TFloat32> secondMoment,
      boolean decays,
      Operand<TFloat32> learningRate,
      Operand<TFloat32> updateNumber);

  /** A parameter and its moments after an update, each float32 of the parameter's shape. */
  record Update(
      Operand<TFloat32> value, Operand<TFloat32> firstMoment, Operand<TFloat32> secondMoment) {}

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
