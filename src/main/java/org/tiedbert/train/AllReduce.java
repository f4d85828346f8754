package org.tiedbert.train;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tiedbert.cluster.Workers;

/** The sums of a stage's gradients over all workers, and nothing else: to measure them. */
final class AllReduce implements AutoCloseable {
  private final Workers workers;
  private final Graph graph = new Graph();
  private final Operand<TFloat32> value;
  private final Operation sums;
  private final Session session;

  /**
   * Builds the sums; all workers do, at the same time.
   *
   * @param trained whose gradients are summed
   */
  AllReduce(TrainGraph trained, Workers workers) {
    this.workers = workers;
    try {
      Ops tf = Ops.create(graph);
      value = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
      List<Op> all = new ArrayList<>();
      for (Operand<TFloat32> gradient : trained.gradients().values()) {
        Operand<TFloat32> own =
            tf.fill(tf.constant(gradient.shape().asArray()), value); // of a value known later only
        all.add(workers.sum(tf, tf.ensureShape(own, gradient.shape())));
      }
      sums = tf.withControlDependencies(all).noOp().op();
      session = workers.open(graph);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** Seconds until all sums are there. */
  double seconds() {
    long start = System.nanoTime();
    try (TFloat32 one = TFloat32.scalarOf(1)) {
      workers.run(session.runner().feed(value, one).addTarget(sums)).close();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() {
    try (graph) {
      session.close();
    }
  }
}
