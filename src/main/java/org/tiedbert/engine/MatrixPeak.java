package org.tiedbert.engine;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** What the machine reaches in a large matrix product, measured now: the mark for utilisation. */
public final class MatrixPeak {
  private static final int SIZE = 1024;
  private static final String MATRIX = "matrix";
  private static final int NUM_RUNS = 20;

  private MatrixPeak() {}

  /** Floating-point operations per second, a multiply-add being two; the best of a few products. */
  public static double flopsPerSecond(EngineConfig engine) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<?> product =
          engine.precision() == Precision.BFLOAT16
              ? square(tf, TBfloat16.class)
              : square(tf, TFloat32.class);
      try (Tensor zeros = zeros(engine.precision());
          Session session = Sessions.open(graph, engine)) {
        double best = 0;
        for (int run = 0; run < NUM_RUNS; run++) {
          long start = System.nanoTime();
          session.runner().feed(MATRIX, zeros).addTarget(product.op()).run().close();
          double seconds = (System.nanoTime() - start) / 1e9;
          best = Math.max(best, 2.0 * SIZE * SIZE * SIZE / seconds);
        }
        return best;
      }
    }
  }

  private static Tensor zeros(Precision precision) {
    Shape shape = Shape.of(SIZE, SIZE);
    return precision == Precision.BFLOAT16 ? TBfloat16.tensorOf(shape) : TFloat32.tensorOf(shape);
  }

  private static <T extends TNumber> Operand<T> square(Ops tf, Class<T> type) {
    // Fed, since a product of constants would be taken once, before the clock starts.
    Operand<T> matrix =
        tf.withName(MATRIX).placeholder(type, Placeholder.shape(Shape.of(SIZE, SIZE)));
    return tf.linalg.matMul(matrix, matrix);
  }
}
