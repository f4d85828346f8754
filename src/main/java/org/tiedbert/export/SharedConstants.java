package org.tiedbert.export;

import java.util.IdentityHashMap;
import java.util.Map;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/** Large arrays as constants of a graph, each there once, however many of its parts ask for it. */
final class SharedConstants {
  private ExecutionEnvironment graph;
  private final Map<int[], Operand<TInt32>> constants = new IdentityHashMap<>();

  /** The constant of a vector, the same operand for the same array. */
  Operand<TInt32> of(Ops tf, int[] vector) {
    return of(tf, vector, Shape.of(vector.length));
  }

  Operand<TInt32> of(Ops tf, int[] values, Shape shape) {
    if (graph != tf.scope().env()) {
      constants.clear();
      graph = tf.scope().env();
    }
    return constants.computeIfAbsent(
        values, array -> tf.constant(shape, DataBuffers.of(array, true, false)));
  }
}
