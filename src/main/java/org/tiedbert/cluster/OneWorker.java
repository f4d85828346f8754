package org.tiedbert.cluster;

import java.util.function.Consumer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Sessions;

/** A run's only worker: its own chief, who is never waited for. */
public final class OneWorker implements Workers {
  private final EngineConfig engine;
  private volatile boolean stopRequested;

  public OneWorker(EngineConfig engine) {
    this.engine = engine;
  }

  @Override
  public int count() {
    return 1;
  }

  @Override
  public int index() {
    return 0;
  }

  @Override
  public boolean meet(Consumer<String> note) {
    return true;
  }

  @Override
  public Session open(Graph graph) {
    return Sessions.open(graph, engine);
  }

  @Override
  public Result run(Session.Runner runner) {
    return runner.run();
  }

  @Override
  public Operand<TFloat32> sum(Ops tf, Operand<TFloat32> own) {
    return own;
  }

  @Override
  public Operand<TFloat32> fromChief(Ops tf, Operand<TFloat32> own) {
    return own;
  }

  @Override
  public double[] sum(double[] own) {
    return own;
  }

  @Override
  public byte[] fromChief(byte[] own) {
    return own;
  }

  @Override
  public long sentBytes(long numValues) {
    return 0;
  }

  @Override
  public void requestStop() {
    stopRequested = true;
  }

  @Override
  public boolean isStopRequested() {
    return stopRequested;
  }

  @Override
  public RuntimeException explain(TensorFlowException failure) {
    return failure;
  }

  @Override
  public void close() {}
}
