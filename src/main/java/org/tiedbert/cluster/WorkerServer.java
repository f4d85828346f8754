package org.tiedbert.cluster;

import org.tensorflow.Graph;
import org.tensorflow.Server;
import org.tensorflow.ServerSession;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.ClusterDef;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.JobDef;
import org.tensorflow.proto.ServerDef;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Sessions;
import org.tiedbert.text.InputException;

/**
 * This worker's TensorFlow server: what runs its graphs, and what the others talk to. It lives as
 * long as the process, since TensorFlow cannot stop one.
 */
final class WorkerServer {
  static final String JOB = "worker";
  private static final String CHIEF = "/job:%s/replica:0/task:0".formatted(JOB);

  private final String target;
  private final ConfigProto config;

  /**
   * @throws InputException if the worker's port cannot be listened on
   */
  WorkerServer(ClusterSpec cluster, EngineConfig engine) {
    Sessions.requireDevice(engine);
    JobDef.Builder job = JobDef.newBuilder().setName(JOB);
    for (int worker = 0; worker < cluster.workers().size(); worker++) {
      job.putTasks(worker, cluster.workers().get(worker));
    }
    String address = cluster.workers().get(cluster.worker());
    this.target = "grpc://" + address;
    this.config =
        Sessions.config(engine).toBuilder()
            // Variables end with the session that made them, and each worker plans for itself.
            .setIsolateSessionState(true)
            .addDeviceFilters("/job:%s/task:%d".formatted(JOB, cluster.worker()))
            .setExperimental(ConfigProto.Experimental.newBuilder().setCollectiveGroupLeader(CHIEF))
            .build();
    try {
      new Server(
              ServerDef.newBuilder()
                  .setCluster(ClusterDef.newBuilder().addJob(job))
                  .setJobName(JOB)
                  .setTaskIndex(cluster.worker())
                  .setProtocol("grpc")
                  .setDefaultSessionConfig(config)
                  .build())
          .start();
    } catch (TensorFlowException e) {
      throw new InputException(
          ("worker %d cannot listen on the port of %s, which another program may have taken: %s;"
                  + " end that program, or give the worker another port")
              .formatted(cluster.worker(), address, e.getMessage()),
          e);
    }
  }

  Session open(Graph graph) {
    return ServerSession.open(graph, target, config);
  }
}
