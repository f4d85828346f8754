package org.tiedbert.engine;

import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tiedbert.engine.EngineConfig.Device;

/** Sessions that run a graph as an {@link EngineConfig} says. */
public final class Sessions {
  private Sessions() {}

  /**
   * @return owned by the caller, who closes it before the graph
   */
  public static Session open(Graph graph, EngineConfig engine) {
    return new Session(graph, config(engine));
  }

  /** The settings of such a session. */
  public static ConfigProto config(EngineConfig engine) {
    int numThreads = engine.threadsOrAll();
    ConfigProto.Builder config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(numThreads)
            .setInterOpParallelismThreads(numThreads);
    if (engine.device() == Device.CPU) {
      config.putDeviceCount("GPU", 0);
    } else {
      config.setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
    }
    return config.build();
  }
}
