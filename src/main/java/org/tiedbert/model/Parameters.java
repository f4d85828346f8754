package org.tiedbert.model;

import com.google.common.base.Splitter;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.framework.initializers.Initializer;
import org.tensorflow.framework.initializers.Ones;
import org.tensorflow.framework.initializers.TruncatedNormal;
import org.tensorflow.framework.initializers.Zeros;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
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
    Shape shape = Shape.of(dimensions);
    Ops scoped = tf;
    for (String part : Splitter.on('/').split(name)) {
      scoped = scoped.withSubScope(part);
    }
    Operand<TType> handle =
        scoped
            .withName("variable")
            .varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
    Operand<TFloat32> value = scoped.withName("value").readVariableOp(handle, TFloat32.class);
    Parameter parameter = new Parameter(name, shape, initialization, handle, value);
    if (byName.put(name, parameter) != null) {
      throw new IllegalStateException("parameter " + name + " is created twice");
    }
    return value;
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
