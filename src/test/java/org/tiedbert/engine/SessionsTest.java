package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.text.InputException;

class SessionsTest {
  @Test
  void aGpuThatIsNotThereIsNoCpu() {
    assumeTrue(Files.notExists(Path.of("/proc/driver/nvidia")), "this machine may have a GPU");
    EngineConfig engine = new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.GPU, 1);
    try (Graph graph = new Graph()) {
      assertThatThrownBy(() -> Sessions.open(graph, engine))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("engine.device is gpu, and TensorFlow finds none");
    }
  }
}
