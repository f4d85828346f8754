package org.tiedbert.engine;

import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * What the machine reaches in a large matrix product, measured now: the mark for utilisation. The
 * numbers are random, since a processor takes zeros with less power and so faster, and the best of
 * two sizes counts, since the one that does best differs by machine.
 */
public final class MatrixPeak {
  private static final String MATRIX = "matrix";
  private static final int SEED = 1;

  private MatrixPeak() {}

  /** Square matrices, multiplied a few times. */
  private record Product(int size, int numRuns) {
    double flops() {
      return 2.0 * size * size * size;
    }
  }

  private static final Product[] PRODUCTS = {new Product(1024, 10), new Product(2048, 3)};

  /** Floating-point operations per second, a multiply-add being two; the best of the products. */
  public static double flopsPerSecond(EngineConfig engine) {
    double best = 0;
    for (Product product : PRODUCTS) {
      best = Math.max(best, product.flops() / bestSeconds(product, engine));
    }
    return best;
  }

  private static double bestSeconds(Product product, EngineConfig engine) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<?> square =
          engine.precision() == Precision.BFLOAT16
              ? square(tf, TBfloat16.class, product.size())
              : square(tf, TFloat32.class, product.size());
      try (Tensor matrix = matrix(product.size(), engine.precision());
          Session session = Sessions.open(graph, engine)) {
        double best = Double.POSITIVE_INFINITY;
        for (int run = 0; run < product.numRuns(); run++) {
          long start = System.nanoTime();
          session.runner().feed(MATRIX, matrix).addTarget(square.op()).run().close();
          best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
      }
    }
  }

  private static Tensor matrix(int size, Precision precision) {
    Random random = new Random(SEED);
    float[] values = new float[size * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    Shape shape = Shape.of(size, size);
    return precision == Precision.BFLOAT16
        ? TBfloat16.tensorOf(shape, DataBuffers.of(values))
        : TFloat32.tensorOf(shape, DataBuffers.of(values));
  }

  private static <T extends TNumber> Operand<T> square(Ops tf, Class<T> type, int size) {
    // Fed, since a product of constants would be taken once, before the clock starts.
    Operand<T> matrix =
        tf.withName(MATRIX).placeholder(type, Placeholder.shape(Shape.of(size, size)));
    return tf.linalg.matMul(matrix, matrix);
  }
}
