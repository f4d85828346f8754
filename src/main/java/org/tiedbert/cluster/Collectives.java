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
 * same ones in the same order. Each waits for the others up to a deadline. Not for several threads.
 */
final class Collectives {
  private static final long GROUP = 1;

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

  /** The sum over the workers. */
  <T extends TType> Operand<T> sum(Ops tf, Operand<T> own) {
    return operation(tf, "CollectiveReduce")
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
      return operation(tf, "CollectiveBcastSend")
          .addInput(own.asOutput())
          .setAttr("shape", own.shape())
          .build()
          .<T>output(0);
    }
    return operation(tf, "CollectiveBcastRecv")
        .setAttr("T", own.asOutput().dataType())
        .setAttr("shape", own.shape())
        .build()
        .<T>output(0);
  }

  private OperationBuilder operation(Ops tf, String type) {
    numOperations++;
    return tf.withDevice(device)
        .scope()
        .opBuilder(type, type)
        .setAttr("group_size", (long) cluster.workers().size())
        .setAttr("group_key", GROUP)
        .setAttr("instance_key", numOperations)
        .setAttr("communication_hint", "auto")
        .setAttr("timeout_seconds", (float) deadline.toMillis() / 1000);
  }
}
