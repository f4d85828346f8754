package org.tiedbert.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.tiedbert.model.Parameter;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Optimizer;

/**
 * One update of every trained parameter, with the variables that hold the moments.
 *
 * @param moments two for each parameter, {@link #FIRST_MOMENT} and {@link #SECOND_MOMENT}
 * @param learningRate float32 scalar, fed
 * @param clip norm of the gradients, and what each is multiplied by
 * @param apply applies the optimizer
 */
public record ParameterUpdates(
    Map<String, Variable> moments,
    Operand<TFloat32> learningRate,
    GlobalNormClip.Clip clip,
    Operation apply) {

  /** Checkpoint names of Adam's moments, after the parameter's. */
  public static final String FIRST_MOMENT = "/adam_m";

  public static final String SECOND_MOMENT = "/adam_v";

  /**
   * What updates are made of.
   *
   * @param momentsOrigin for each parameter the step at which its moments were zero
   * @param step int64 scalar, updates done before
   */
  public record Settings(
      Optimizer optimizer,
      GlobalNormClip clip,
      ToLongFunction<String> momentsOrigin,
      Operand<TInt64> step) {}

  /**
   * Adds the operations to a graph.
   *
   * @param gradients float32, one for each parameter in their order, of their shapes
   */
  public static ParameterUpdates of(
      Ops tf, Settings settings, List<Parameter> trained, List<Operand<TFloat32>> gradients) {
    GlobalNormClip.Clip clip = settings.clip().of(tf.withSubScope("clip"), gradients);
    Operand<TFloat32> learningRate =
        tf.withName("learning_rate").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Map<Long, Operand<TFloat32>> updateNumbers = new LinkedHashMap<>();
    Map<String, Variable> moments = new LinkedHashMap<>();
    List<Op> assignments = new ArrayList<>();
    Ops scope = tf.withSubScope("update");
    for (int i = 0; i < trained.size(); i++) {
      Parameter parameter = trained.get(i);
      String name = parameter.name();
      long origin = settings.momentsOrigin().applyAsLong(name);
      Operand<TType> first = variable(scope, name + FIRST_MOMENT, parameter.shape());
      Operand<TType> second = variable(scope, name + SECOND_MOMENT, parameter.shape());
      Operand<TFloat32> firstValue = read(scope, first, parameter.shape());
      Operand<TFloat32> secondValue = read(scope, second, parameter.shape());
      Optimizer.Update updated =
          settings
              .optimizer()
              .apply(
                  scope,
                  parameter.value(),
                  scope.math.mul(gradients.get(i), clip.scale()),
                  firstValue,
                  secondValue,
                  Optimizer.decays(name),
                  learningRate,
                  updateNumbers.computeIfAbsent(
                      origin, key -> updateNumber(scope, settings.step(), key)));
      assignments.add(scope.assignVariableOp(parameter.handle(), updated.value()));
      assignments.add(scope.assignVariableOp(first, updated.firstMoment()));
      assignments.add(scope.assignVariableOp(second, updated.secondMoment()));
      for (Variable moment :
          List.of(
              Variable.of(tf, name + FIRST_MOMENT, first, firstValue, zeros(tf, parameter.shape())),
              Variable.of(
                  tf, name + SECOND_MOMENT, second, secondValue, zeros(tf, parameter.shape())))) {
        moments.put(moment.name(), moment);
      }
    }
    Operation apply = tf.withControlDependencies(assignments).withName("apply").noOp().op();
    return new ParameterUpdates(moments, learningRate, clip, apply);
  }

  /** t = step − origin + 1, the number of updates the moments have had with this one. */
  private static Operand<TFloat32> updateNumber(Ops tf, Operand<TInt64> step, long origin) {
    Operand<TInt64> number = tf.math.add(step, tf.constant(1 - origin));
    return tf.dtypes.cast(number, TFloat32.class);
  }

  /** A variable that no checkpoint holds under a parameter's name. */
  static Operand<TType> variable(Ops tf, String name, Shape shape) {
    return tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
  }

  static Operand<TFloat32> read(Ops tf, Operand<TType> handle, Shape shape) {
    // The shape of what is read must be static for XLA; a handle's shape is not always inferred.
    return tf.reshape(tf.readVariableOp(handle, TFloat32.class), tf.constant(shape.asArray()));
  }

  private static Operand<TFloat32> zeros(Ops tf, Shape shape) {
    return tf.zeros(tf.constant(shape.asArray()), TFloat32.class);
  }
}
