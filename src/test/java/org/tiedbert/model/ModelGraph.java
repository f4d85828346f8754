package org.tiedbert.model;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** A graph with parameters that are given values before anything is evaluated. */
final class ModelGraph implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph);
  private final Ops tf = Ops.create(graph);
  private final Parameters parameters = new Parameters(tf);

  Ops tf() {
    return tf;
  }

  Parameters parameters() {
    return parameters;
  }

  /** In row-major order. */
  void assign(String name, float... values) {
    Parameter parameter = parameters.get(name);
    try (TFloat32 tensor = TFloat32.tensorOf(parameter.shape(), DataBuffers.of(values))) {
      assign(parameter, tf.constantOf(tensor));
    }
  }

  /** What it starts from. */
  void initialize(Parameter parameter, double initializerRange, long seed) {
    assign(parameter, Parameters.initialValue(tf, parameter, initializerRange, seed));
  }

  private void assign(Parameter parameter, Operand<TFloat32> value) {
    session.runner().addTarget(tf.assignVariableOp(parameter.handle(), value)).run().close();
  }

  /** In row-major order. */
  float[] evaluate(Operand<TFloat32> operand) {
    try (Result result = session.runner().fetch(operand).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] values = new float[(int) tensor.size()];
      tensor.asRawTensor().data().asFloats().read(values);
      return values;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
