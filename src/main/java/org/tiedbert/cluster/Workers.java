package org.tiedbert.cluster;

import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The processes that train one run together, of which this is one. All of them call the same
 * methods in the same order, and build the same graphs; what differs is what they put in.
 */
public sealed interface Workers extends AutoCloseable permits OneWorker, WorkerGroup {
  /** Number of workers, W. */
  int count();

  /** This worker, counted from 0. */
  int index();

  /** Whether this worker writes the run. */
  default boolean isChief() {
    return index() == 0;
  }

  /**
   * Waits until all workers are there, without a deadline; before anything else.
   *
   * @param note told now and then who is waited for
   * @return whether they are; not if this one is to stop before
   */
  boolean meet(Consumer<String> note);

  /**
   * A session for a graph that uses the workers' operations.
   *
   * @return owned by the caller, who closes it before the graph
   */
  Session open(Graph graph);

  /**
   * Runs what has the workers' operations in it.
   *
   * @return owned by the caller
   */
  Result run(Session.Runner runner);

  /**
   * The sum over all workers, as an operation that waits for them; the same bits for all.
   *
   * @param own float32 of any static shape
   */
  Operand<TFloat32> sum(Ops tf, Operand<TFloat32> own);

  /**
   * The chief's value, as an operation that waits for the chief.
   *
   * @param own float32 of any static shape; of the chief alone it is computed
   */
  Operand<TFloat32> fromChief(Ops tf, Operand<TFloat32> own);

  /** The sum of vectors over all workers, now; the same bits for all. */
  double[] sum(double[] own);

  /**
   * The chief's bytes, now.
   *
   * @param own only those of the chief matter
   */
  byte[] fromChief(byte[] own);

  /** Bytes that each worker sends for one {@link #sum(Ops, Operand)} of so many values. */
  long sentBytes(long numValues);

  /** Asks all workers to stop; any thread may call. */
  void requestStop();

  /** Whether one of the workers was asked to stop, as of the last {@link #sum(double[])}. */
  boolean isStopRequested();

  /**
   * What to tell about a failure of TensorFlow: that a worker was lost, if it comes from that.
   *
   * @return an exception to be thrown, perhaps the very same
   */
  RuntimeException explain(TensorFlowException failure);

  @Override
  void close();
}
