package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

class BatchMatMulKernelsTest {
  @Test
  void rewritesProductsOfOneTypeAndLeavesTheOthers() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      tf.withName("floats")
          .train
          .batchMatMul(
              tf.constant(new float[2][3][4]),
              tf.constant(new float[2][5][4]),
              TFloat32.class,
              BatchMatMul.adjY(true));
      tf.withName("mixed")
          .train
          .batchMatMul(
              tf.dtypes.cast(tf.constant(new int[2][3][4]), TUint8.class),
              tf.constant(new int[2][4][5]),
              TInt32.class);
      // when
      GraphDef rewritten = new BatchMatMulKernels().apply(graph.toGraphDef());
      // then
      NodeDef floats = node(rewritten, "floats");
      assertThat(floats.getOp()).isEqualTo("BatchMatMulV2");
      assertThat(floats.getAttrOrThrow("T").getType()).isEqualTo(DataType.DT_FLOAT);
      assertThat(floats.getAttrOrThrow("adj_y").getB()).isTrue();
      assertThat(floats.getAttrMap()).doesNotContainKeys("Ta", "Tb", "Tout");
      assertThat(node(rewritten, "mixed").getOp()).isEqualTo("BatchMatMulV3");
    }
  }

  private static NodeDef node(GraphDef graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
