package org.tiedbert.model;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.framework.initializers.Initializer;
import org.tensorflow.framework.initializers.Ones;
import org.tensorflow.framework.initializers.TruncatedNormal;
import org.tensorflow.framework.initializers.Zeros;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReadVariableOp;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.tiedbert.model.Parameter.Initialization;

/**
 * The parameters of one graph, in the order of their creation. Blocks create theirs here, once, in
 * their constructors; nothing else scans the graph for variables.
 */
public final class Parameters {
  private final Ops tf;
  private final Map<String, Parameter> byName = new LinkedHashMap<>();

  public Parameters(Ops tf) {
    this.tf = tf;
  }

  /**
   * Creates a parameter and the operation that reads it.
   *
   * @return its value, float32 of the given shape
   * @throws IllegalStateException if the name is taken
   */
  Operand<TFloat32> create(String name, Initialization initialization, long... dimensions) {
    if (byName.containsKey(name)) {
      throw new IllegalStateException("parameter " + name + " is created twice");
    }
    Shape shape = Shape.of(dimensions);
    Operand<TType> handle = variable(name, shape);
    Operand<TFloat32> value = readVariable(name, handle);
    Parameter parameter = new Parameter(name, shape, initialization, handle, value);
    byName.put(name, parameter);
    return value;
  }

  private Operand<TType> variable(String name, Shape shape) {
    return operation(VarHandleOp.OP_NAME, name + "/variable")
        .setAttr("dtype", DataType.DT_FLOAT)
        .setAttr("shape", shape)
        .setAttr("shared_name", name)
        .build()
        .output(0);
  }

  private Operand<TFloat32> readVariable(String name, Operand<TType> handle) {
    return operation(ReadVariableOp.OP_NAME, name + "/value")
        .addInput(handle.asOutput())
        .setAttr("dtype", DataType.DT_FLOAT)
        .build()
        .output(0);
  }

  /**
   * By hand, since {@code Ops} takes names of several parts through a scope for each part, and
   * numbers a scope that it has seen before: bert_1, bert_2 and so on.
   */
  private OperationBuilder operation(String type, String name) {
    return tf.scope().env().opBuilder(type, name, tf.scope());
  }

  /** All parameters, in the order of their creation. */
  public Collection<Parameter> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /**
   * The parameter of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Parameter get(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "no parameter is named " + name + "; there are " + byName.keySet());
    }
    return parameter;
  }

  /**
   * The values that a parameter starts from: a function of the seed and the parameter's name alone,
   * whatever else the graph holds.
   */
  public static Operand<TFloat32> initialValue(
      Ops tf, Parameter parameter, double initializerRange, long seed) {
    Operand<TInt64> dimensions = tf.constant(parameter.shape().asArray());
    return initializer(parameter, initializerRange, seed).call(tf, dimensions, TFloat32.class);
  }

  private static Initializer<TFloat32> initializer(
      Parameter parameter, double initializerRange, long seed) {
    return switch (parameter.initialization()) {
      case ZEROS -> new Zeros<>();
      case ONES -> new Ones<>();
      case TRUNCATED_NORMAL ->
          new TruncatedNormal<>(
              0,
              initializerRange,
              Hashing.murmur3_128()
                  .newHasher()
                  .putLong(seed)
                  .putString(parameter.name(), StandardCharsets.UTF_8)
                  .hash()
                  .asLong());
    };
  }
}
