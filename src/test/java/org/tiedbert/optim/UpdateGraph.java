package org.tiedbert.optim;

import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** One parameter of four values under an optimizer, its state carried from update to update. */
final class UpdateGraph implements AutoCloseable {
  private static final int SIZE = 4;

  private final Graph graph = new Graph();
  private final Session session = new Session(graph);
  private final Placeholder<TFloat32> valueIn;
  private final Placeholder<TFloat32> gradientIn;
  private final Placeholder<TFloat32> firstIn;
  private final Placeholder<TFloat32> secondIn;
  private final Placeholder<TFloat32> rateIn;
  private final Placeholder<TFloat32> numberIn;
  private final Optimizer.Update update;

  float[] value;
  float[] firstMoment = new float[SIZE];
  float[] secondMoment = new float[SIZE];
  private int numUpdates;

  UpdateGraph(Optimizer optimizer, boolean decays, float... start) {
    Ops tf = Ops.create(graph);
    value = start;
    valueIn = placeholder(tf, Shape.of(SIZE));
    gradientIn = placeholder(tf, Shape.of(SIZE));
    firstIn = placeholder(tf, Shape.of(SIZE));
    secondIn = placeholder(tf, Shape.of(SIZE));
    rateIn = placeholder(tf, Shape.scalar());
    numberIn = placeholder(tf, Shape.scalar());
    update = optimizer.apply(tf, valueIn, gradientIn, firstIn, secondIn, decays, rateIn, numberIn);
  }

  private static Placeholder<TFloat32> placeholder(Ops tf, Shape shape) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  void step(double learningRate, float... gradient) {
    numUpdates++;
    try (TFloat32 valueFed = TFloat32.vectorOf(value);
        TFloat32 gradientFed = TFloat32.vectorOf(gradient);
        TFloat32 firstFed = TFloat32.vectorOf(firstMoment);
        TFloat32 secondFed = TFloat32.vectorOf(secondMoment);
        TFloat32 rateFed = TFloat32.scalarOf((float) learningRate);
        TFloat32 numberFed = TFloat32.scalarOf(numUpdates);
        Result result =
            session
                .runner()
                .feed(valueIn, valueFed)
                .feed(gradientIn, gradientFed)
                .feed(firstIn, firstFed)
                .feed(secondIn, secondFed)
                .feed(rateIn, rateFed)
                .feed(numberIn, numberFed)
                .fetch(update.value())
                .fetch(update.firstMoment())
                .fetch(update.secondMoment())
                .run()) {
      value = floats(result, 0);
      firstMoment = floats(result, 1);
      secondMoment = floats(result, 2);
    }
  }

  private static float[] floats(Result result, int index) {
    return StdArrays.array1dCopyOf((TFloat32) result.get(index));
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
