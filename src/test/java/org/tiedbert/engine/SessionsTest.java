package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.text.InputException;

class SessionsTest {
  @Test
  void largeConstantsAreNotFolded() {
    EngineConfig engine = new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 1);
    try (Graph graph = new Graph();
        Session session = Sessions.open(graph, engine)) {
      // given: that could be computed once and for all, 64 kB and just above 100 KiB, up to which
      // TensorFlow's graph optimizer goes by itself
      Ops tf = Ops.create(graph);
      Operand<TFloat32> small = roots(tf, 16_000);
      Operand<TFloat32> large = roots(tf, 26_000);
      // when
      try (Result result =
          session
              .runner()
              .fetch(small)
              .fetch(large)
              .setOptions(RunOptions.newBuilder().setOutputPartitionGraphs(true).build())
              .runAndFetchMetadata()) {
        // then
        List<NodeDef> ran =
            result.getMetadata().orElseThrow().getPartitionGraphsList().stream()
                .flatMap(partition -> partition.getNodeList().stream())
                .toList();
        assertThat(ran).filteredOn(node -> node.getOp().equals("Sqrt")).hasSize(1);
        assertThat(((TFloat32) result.get(1)).getFloat(16_900)).isEqualTo(130);
      }
    }
  }

  private static Operand<TFloat32> roots(Ops tf, int number) {
    return tf.math.sqrt(tf.range(tf.constant(0f), tf.constant((float) number), tf.constant(1f)));
  }

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
