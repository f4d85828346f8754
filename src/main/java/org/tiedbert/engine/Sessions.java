package org.tiedbert.engine;

import org.tensorflow.DeviceSpec;
import org.tensorflow.DeviceSpec.DeviceType;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.text.InputException;

/** Sessions that run a graph as an {@link EngineConfig} says. */
public final class Sessions {
  private static final DeviceSpec GPU =
      DeviceSpec.newBuilder().deviceType(DeviceType.GPU).deviceIndex(0).build();

  /** Parameters' initial values are constants to TensorFlow, which it would hold for ever. */
  private static final long MAX_FOLDED_BYTES = 64 << 10;

  private Sessions() {}

  /**
   * @return owned by the caller, who closes it before the graph
   * @throws InputException if there is no such device
   */
  public static Session open(Graph graph, EngineConfig engine) {
    requireDevice(engine);
    return new Session(graph, config(engine));
  }

  /**
   * TensorFlow itself would run on the CPU where there is no GPU, and say nothing.
   *
   * @throws InputException if there is no device of the kind that steps are to run on
   */
  public static void requireDevice(EngineConfig engine) {
    if (engine.device() == Device.CPU) {
      return;
    }
    try (Graph graph = new Graph()) {
      Operand<TFloat32> there = Ops.create(graph).withDevice(GPU).constant(1f);
      try (Session session = new Session(graph, config(engine))) {
        session.runner().fetch(there).run().close();
      }
    } catch (TFInvalidArgumentException e) {
      throw new InputException(
          "engine.device is gpu, and TensorFlow finds none that it can use here: it takes NVIDIA's"
              + " driver, and a build with -Pgpu,cuda (TIEDBERT_BUILD_OPTS=-Pgpu,cuda), or with -Pgpu"
              + " and CUDA 12 and cuDNN 9 on the machine; or set engine.device=cpu",
          e);
    }
  }

  /** The settings of such a session. */
  public static ConfigProto config(EngineConfig engine) {
    HiddenCaches.mend(); // here, as who takes these opens a session, if not through this class
    int numThreads = engine.threadsOrAll();
    ConfigProto.Builder config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(numThreads)
            .setInterOpParallelismThreads(numThreads)
            .setGraphOptions(
                GraphOptions.newBuilder()
                    .setOptimizerOptions(
                        OptimizerOptions.newBuilder()
                            .setMaxFoldedConstantInBytes(MAX_FOLDED_BYTES)));
    if (engine.device() == Device.CPU) {
      config.putDeviceCount("GPU", 0);
    } else {
      config.setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true));
    }
    return config.build();
  }
}
