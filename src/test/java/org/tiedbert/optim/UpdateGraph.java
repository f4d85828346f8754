package org.tiedbert.optim;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/** One parameter of four values under an optimizer, its state carried from update to update. */
final class UpdateGraph implements AutoCloseable {
  private static final int SIZE = 4;

  private final Graph graph = new Graph();
  private final Session session = new Session(graph);
  private final List<Optimizer.Slot> slots = new ArrayList<>();
  private final Placeholder<TFloat32> gradientIn;
  private final Placeholder<TFloat32> rateIn;
  private final Placeholder<TFloat32> numberIn;
  private final Op update;

  float[] value;
  float[] firstMoment = new float[SIZE];
  float[] secondMoment = new float[SIZE];
  private int numUpdates;

  UpdateGraph(Optimizer optimizer, boolean decays, float... start) {
    Ops tf = Ops.create(graph);
    value = start;
    gradientIn = placeholder(tf, Shape.of(SIZE));
    rateIn = placeholder(tf, Shape.scalar());
    numberIn = placeholder(tf, Shape.scalar());
    List<Op> initial = new ArrayList<>();
    for (float[] values : List.of(start, new float[SIZE], new float[SIZE])) {
      Operand<TType> handle =
          tf.varHandleOp(
              TFloat32.class, Shape.of(SIZE), VarHandleOp.sharedName("slot_" + slots.size()));
      initial.add(tf.assignVariableOp(handle, tf.constant(values)));
      slots.add(new Optimizer.Slot(handle, tf.readVariableOp(handle, TFloat32.class)));
    }
    update =
        optimizer.update(
            tf,
            new Optimizer.Slots(slots.get(0), slots.get(1), slots.get(2)),
            gradientIn,
            decays,
            rateIn,
            numberIn);
    Session.Runner runner = session.runner();
    initial.forEach(one -> runner.addTarget(one.op()));
    runner.run().close();
  }

  private static Placeholder<TFloat32> placeholder(Ops tf, Shape shape) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  void step(double learningRate, float... gradient) {
    numUpdates++;
    try (TFloat32 gradientFed = TFloat32.vectorOf(gradient);
        TFloat32 rateFed = TFloat32.scalarOf((float) learningRate);
        TFloat32 numberFed = TFloat32.scalarOf(numUpdates)) {
      session
          .runner()
          .feed(gradientIn, gradientFed)
          .feed(rateIn, rateFed)
          .feed(numberIn, numberFed)
          .addTarget(update.op())
          .run()
          .close();
    }
    Session.Runner reads = session.runner();
    slots.forEach(slot -> reads.fetch(slot.value()));
    try (Result result = reads.run()) {
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
