package org.tiedbert.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tiedbert.checkpoint.TensorBundle;

/** The values of a session's variables: set, read and saved. The session is its owner's. */
public final class VariableValues {
  /** 128 MiB of them, twice: as an array and as a tensor. */
  private static final long VALUES_AT_ONCE = 32L << 20;

  private final Session session;
  private final Map<String, Variable> variables;

  /**
   * @param variables by name; none has a value yet
   */
  public VariableValues(Session session, Map<String, Variable> variables) {
    this.session = session;
    this.variables = variables;
  }

  /**
   * Assigns variables what they start from, in one run: TensorFlow walks over the whole graph for
   * every set of operations that it has not run before.
   */
  public void initialize(Collection<String> names) {
    if (names.isEmpty()) {
      return;
    }
    Session.Runner runner = session.runner();
    names.forEach(name -> runner.addTarget(variables.get(name).assign()));
    runner.run().close();
  }

  /**
   * Assigns variables the given values, in one run.
   *
   * @param valuesByName in row-major order, as many as the variable holds
   */
  public void assign(Map<String, float[]> valuesByName) {
    List<Tensor> tensors = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      valuesByName.forEach(
          (name, values) -> {
            Variable variable = variables.get(name);
            TFloat32 tensor = tensor(variable, values);
            tensors.add(tensor);
            runner.feed(variable.initialValue(), tensor).addTarget(variable.assign());
          });
      runner.run().close();
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  /**
   * Assigns variables values of a checkpoint. Many in one run, as every run costs time; not all, as
   * their values take memory.
   *
   * @param sourceByName for each variable the name of its values there
   */
  public void assign(Path prefix, Map<String, String> sourceByName) {
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      Map<String, float[]> next = new LinkedHashMap<>();
      long numValues = 0;
      for (Map.Entry<String, String> variable : sourceByName.entrySet()) {
        float[] values = bundle.floats(variable.getValue());
        next.put(variable.getKey(), values);
        numValues += values.length;
        if (numValues >= VALUES_AT_ONCE) {
          assign(next);
          next.clear();
          numValues = 0;
        }
      }
      if (!next.isEmpty()) {
        assign(next);
      }
    }
  }

  /** Variables' values in row-major order, in one run. */
  public Map<String, float[]> read(Collection<String> names) {
    Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
    names.forEach(name -> values.put(name, variables.get(name).value()));
    return fetch(values);
  }

  /** All variables' values, one variable after the other, few of them in memory at once. */
  void forEach(Consumer<float[]> use) {
    List<String> next = new ArrayList<>();
    long numValues = 0;
    for (Variable variable : variables.values()) {
      next.add(variable.name());
      numValues += variable.shape().size();
      if (numValues >= VALUES_AT_ONCE) {
        read(next).values().forEach(use);
        next.clear();
        numValues = 0;
      }
    }
    if (!next.isEmpty()) {
      read(next).values().forEach(use);
    }
  }

  /** What operands come to, in row-major order, in one run that feeds nothing. */
  Map<String, float[]> fetch(Map<String, Operand<TFloat32>> operands) {
    Session.Runner runner = session.runner();
    operands.values().forEach(runner::fetch);
    Map<String, float[]> values = new LinkedHashMap<>();
    try (Result result = runner.run()) {
      for (String name : operands.keySet()) {
        values.put(name, floats((TFloat32) result.get(values.size())));
      }
    }
    return values;
  }

  /** Writes a TensorFlow V2 checkpoint. */
  public void save(Saver saver, Path prefix) {
    try (TString path = TString.scalarOf(prefix.toString())) {
      session.runner().feed(saver.prefix(), path).addTarget(saver.save()).run().close();
    }
  }

  /** A tensor's values in row-major order. */
  public static float[] floats(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }

  private static TFloat32 tensor(Variable variable, float[] values) {
    if (variable.shape().size() != values.length) {
      throw new IllegalArgumentException(
          "%s has shape %s, got %d values"
              .formatted(variable.name(), variable.shape(), values.length));
    }
    return TFloat32.tensorOf(variable.shape(), DataBuffers.of(values));
  }
}
