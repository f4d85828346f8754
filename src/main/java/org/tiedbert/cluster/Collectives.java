package org.tiedbert.cluster;

import java.time.Duration;
import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TType;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.EngineConfig.Device;

/**
 * TensorFlow's collective operations, in the form that carries their keys as attributes. Each has a
 * number of its own, by which the workers' operations find each other; so all workers must make the
 * same ones in the same order. Not for several threads.
 */
final class Collectives {
  private static final long GROUP = 1;
  private static final Duration NO_DEADLINE = Duration.ZERO;

  private final ClusterSpec cluster;
  private final DeviceSpec device;
  private final Duration deadline;
  private long numOperations;

  Collectives(ClusterSpec cluster, EngineConfig engine, Duration deadline) {
    this.cluster = cluster;
    this.deadline = deadline;
    this.device =
        DeviceSpec.newBuilder()
            .job(WorkerServer.JOB)
            .replica(0)
            .task(cluster.worker())
            .deviceType(engine.device() == Device.GPU ? DeviceType.GPU : DeviceType.CPU)
            .deviceIndex(0)
            .build();
  }

  /** The sum over the workers, within the deadline. */
  <T extends TType> Operand<T> sum(Ops tf, Operand<T> own) {
    return sum(tf, own, deadline);
  }

  /** The same, however long it takes until all workers are there. */
  <T extends TType> Operand<T> sumWithoutDeadline(Ops tf, Operand<T> own) {
    return sum(tf, own, NO_DEADLINE);
  }

  private <T extends TType> Operand<T> sum(Ops tf, Operand<T> own, Duration within) {
    return operation(tf, "CollectiveReduce", within)
        .addInput(own.asOutput())
        .setAttr("merge_op", "Add")
        .setAttr("final_op", "Id")
        .setAttr("subdiv_offsets", new long[] {0})
        .build()
        .<T>output(0);
  }

  /**
   * The chief's value.
   *
   * @param own of a static shape; of the chief alone it is computed
   */
  <T extends TType> Operand<T> fromChief(Ops tf, Operand<T> own) {
    if (cluster.worker() == 0) {
      return operation(tf, "CollectiveBcastSend", deadline)
          .addInput(own.asOutput())
          .setAttr("shape", own.shape())
          .build()
          .<T>output(0);
    }
    return operation(tf, "CollectiveBcastRecv", deadline)
        .setAttr("T", own.asOutput().dataType())
        .setAttr("shape", own.shape())
        .build()
        .<T>output(0);
  }

  private OperationBuilder operation(Ops tf, String type, Duration within) {
    numOperations++;
    return tf.withDevice(device)
        .scope()
        .opBuilder(type, type)
        .setAttr("group_size", (long) cluster.workers().size())
        .setAttr("group_key", GROUP)
        .setAttr("instance_key", numOperations)
        .setAttr("communication_hint", "auto")
        .setAttr("timeout_seconds", (float) within.toMillis() / 1000);
  }
}
