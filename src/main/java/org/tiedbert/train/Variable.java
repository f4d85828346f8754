package org.tiedbert.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;

/**
 * A variable of a training graph, as a checkpoint holds it: a parameter, or a moment of one.
 *
 * @param name in checkpoints
 * @param value what the graph reads
 * @param initialValue what {@code assign} assigns; feeding it assigns what is fed
 */
public record Variable(
    String name,
    Shape shape,
    Operand<TFloat32> value,
    Operand<TFloat32> initialValue,
    Operation assign) {

  /** Adds the operation that assigns the initial value. */
  public static Variable of(
      Ops tf,
      String name,
      Operand<? extends TType> handle,
      Operand<TFloat32> value,
      Operand<TFloat32> initialValue) {
    Operation assign = tf.assignVariableOp(handle, initialValue).op();
    return new Variable(name, value.shape(), value, initialValue, assign);
  }

  /** The variables of a graph that only reads them, by name: each is set by feeding its values. */
  public static Map<String, Variable> fed(Ops tf, Parameters parameters) {
    Map<String, Variable> variables = new LinkedHashMap<>();
    for (Parameter parameter : parameters.all()) {
      Operand<TFloat32> initial =
          tf.placeholder(TFloat32.class, Placeholder.shape(parameter.shape()));
      variables.put(
          parameter.name(),
          of(tf, parameter.name(), parameter.handle(), parameter.value(), initial));
    }
    return variables;
  }

  /** The same variable in a graph that was rewritten from this one's. */
  public Variable in(Graph rewritten) {
    return new Variable(
        name,
        shape,
        GraphPass.find(rewritten, value),
        GraphPass.find(rewritten, initialValue),
        rewritten.operationOrThrow(assign.name()));
  }
}
