package org.tiedbert.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;

/**
 * A process that meets one other; the chief ends then, the other opens a graph that asks for it.
 */
final class LostChief {
  /** Exit status of the other one, once it is told. */
  static final int LOST = 3;

  private LostChief() {}

  /**
   * @param args this worker's number and the addresses of both
   */
  public static void main(String[] args) throws InterruptedException {
    ClusterSpec cluster = new ClusterSpec(List.of(args[1], args[2]), Integer.parseInt(args[0]));
    ClusterConfig config =
        new ClusterConfig(List.of(), false, Optional.of(Duration.ofSeconds(2)), Precision.FLOAT32);
    EngineConfig engine = new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 1);
    WorkerGroup group =
        new WorkerGroup(
            cluster,
            config,
            engine,
            lost -> {
              System.err.println(lost.getMessage());
              Runtime.getRuntime().halt(LOST);
            });
    group.meet(note -> {});
    if (group.isChief()) {
      Runtime.getRuntime().halt(0);
    }
    Thread.sleep(500);
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> chiefs = group.fromChief(tf, tf.constant(new float[] {1, 2}));
      try (Session session = group.open(graph)) {
        group.run(session.runner().fetch(chiefs)).close();
      }
    }
  }
}
