package org.tiedbert.cluster;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Precision;
import org.tiedbert.text.InputException;

/**
 * Several workers, each a process with a TensorFlow server of its own. Sums go around a ring. A
 * worker that is lost makes the others' runs fail after the deadline, or hang.
 */
public final class WorkerGroup implements Workers {
  private final ClusterSpec cluster;
  private final ClusterConfig config;
  private final WorkerServer server;
  private final Attendance attendance;
  private final RunWatch watch;
  private final Collectives collectives;
  private Optional<Exchange> exchange = Optional.empty();
  private volatile boolean stopWanted;
  private boolean stopAgreed;

  /**
   * Starts this worker's server, which lives as long as the process.
   *
   * @param stuck told, by another thread, of a worker that was lost while TensorFlow goes on to
   *     wait for it; no run can be interrupted, so it should end the process
   * @throws InputException if the worker's port cannot be listened on
   */
  public WorkerGroup(
      ClusterSpec cluster,
      ClusterConfig config,
      EngineConfig engine,
      Consumer<ClusterException> stuck) {
    this.cluster = cluster;
    this.config = config;
    this.server = new WorkerServer(cluster, engine);
    this.attendance = new Attendance(cluster);
    this.watch =
        new RunWatch(
            attendance,
            config.deadline(),
            lost -> stuck.accept(new ClusterException(whatToDo(wasLost(lost)), null)));
    this.collectives = new Collectives(cluster, engine, config.deadline());
  }

  @Override
  public boolean meet(Consumer<String> note) {
    if (!attendance.await(note, () -> stopWanted)) {
      return false;
    }
    exchange = Optional.of(new Exchange(server, watch, collectives));
    sum(new double[0]);
    return true;
  }

  @Override
  public int count() {
    return cluster.workers().size();
  }

  @Override
  public int index() {
    return cluster.worker();
  }

  @Override
  public Session open(Graph graph) {
    return server.open(graph);
  }

  @Override
  public Result run(Session.Runner runner) {
    return watch.run(runner);
  }

  @Override
  public Operand<TFloat32> sum(Ops tf, Operand<TFloat32> own) {
    if (config.gradients() == Precision.FLOAT32) {
      return collectives.sum(tf, own);
    }
    Operand<TBfloat16> all = collectives.sum(tf, tf.dtypes.cast(own, TBfloat16.class));
    return tf.dtypes.cast(all, TFloat32.class);
  }

  @Override
  public Operand<TFloat32> fromChief(Ops tf, Operand<TFloat32> own) {
    return collectives.fromChief(tf, own);
  }

  /** The last of the numbers that go around counts those who want to stop. */
  @Override
  public double[] sum(double[] own) {
    double[] sent = Arrays.copyOf(own, own.length + 1);
    sent[own.length] = stopWanted ? 1 : 0;
    double[] all = exchange.orElseThrow().sum(sent);
    stopAgreed = all[own.length] > 0;
    return Arrays.copyOf(all, own.length);
  }

  @Override
  public byte[] fromChief(byte[] own) {
    return exchange.orElseThrow().fromChief(own);
  }

  @Override
  public long sentBytes(long numValues) {
    return config.sentBytes(count(), numValues);
  }

  @Override
  public void requestStop() {
    stopWanted = true;
  }

  @Override
  public boolean isStopRequested() {
    return stopAgreed;
  }

  @Override
  public RuntimeException explain(TensorFlowException failure) {
    List<Integer> lost = attendance.lost();
    if (lost.isEmpty() && !isOfCollective(failure)) {
      return failure;
    }
    String problem =
        lost.isEmpty()
            ? "a worker has not answered for %d s, though all of their ports are open; one hangs, or"
                    .formatted(config.deadline().toSeconds())
                + " takes longer for a step or a checkpoint than cluster.timeout"
            : wasLost(lost);
    return new ClusterException(whatToDo(problem), failure);
  }

  private String wasLost(List<Integer> workers) {
    return "%s was lost".formatted(attendance.names(workers));
  }

  private static String whatToDo(String problem) {
    return problem + ". Start all workers again; they continue from the last checkpoint";
  }

  private static boolean isOfCollective(TensorFlowException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("collective") || message.contains("recvbuf");
  }

  @Override
  public void close() {
    watch.close();
    attendance.close();
    exchange.ifPresent(Exchange::close);
  }
}
