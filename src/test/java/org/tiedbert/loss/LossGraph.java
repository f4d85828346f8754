package org.tiedbert.loss;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/** Runs a graph of constants. */
final class LossGraph {
  private LossGraph() {}

  /** In row-major order. */
  static float[] evaluate(Graph graph, Operand<TFloat32> operand) {
    try (Session session = new Session(graph);
        Result result = session.runner().fetch(operand).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] values = new float[(int) tensor.size()];
      tensor.asRawTensor().data().asFloats().read(values);
      return values;
    }
  }
}
