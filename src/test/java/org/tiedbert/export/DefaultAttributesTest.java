package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class DefaultAttributesTest {
  @Test
  void leavesOutWhatHasItsDefaultAndNothingElse() {
    // given
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> matrix = tf.constant(new float[][] {{1, 2}, {3, 4}});
      tf.withName("product").linalg.matMul(matrix, matrix, MatMul.transposeA(true));
      tf.withName("updated")
          .tensorScatterNdUpdate(tf.array(1, 2), tf.constant(new int[][] {{1}}), tf.array(5));
      assertThat(node(graph.toGraphDef(), "updated").getAttrMap())
          .containsKey("bad_indices_policy"); // unknown to TensorFlow 2.10
      // when
      GraphDef stripped = DefaultAttributes.leaveOut(graph.toGraphDef());
      // then
      assertThat(node(stripped, "product").getAttrMap()).containsOnlyKeys("T", "transpose_a");
      assertThat(node(stripped, "updated").getAttrMap()).containsOnlyKeys("T", "Tindices");
      assertThat(updated(stripped)).isEqualTo(5);
    }
  }

  private static NodeDef node(GraphDef graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static int updated(GraphDef definition) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          TInt32 value = (TInt32) session.runner().fetch("updated").run().get(0)) {
        return value.getInt(1);
      }
    }
  }
}
