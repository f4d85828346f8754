package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class CastsTest {
  @Test
  void whoReadsAPairReadsWhatWasBefore() {
    // given: to float32 and back, which changes nothing; and to bfloat16 and back, which rounds
    GraphDef graph =
        GraphDef.newBuilder()
            .addNode(NodeDef.newBuilder().setName("rounded").setOp("Placeholder"))
            .addNode(Casts.toFloat32("float32", "rounded"))
            .addNode(Casts.toBfloat16("again", "float32"))
            .addNode(reader("reader", "again"))
            .addNode(Casts.toFloat32("other", "again"))
            .addNode(reader("float32_reader", "other"))
            .build();
    // when
    GraphDef rewritten = Casts.skipPairs(graph);
    // then
    assertThat(input(rewritten, "reader")).isEqualTo("rounded");
    assertThat(input(rewritten, "other")).isEqualTo("rounded");
    assertThat(input(rewritten, "float32_reader")).isEqualTo("other");
  }

  private static NodeDef reader(String name, String input) {
    return NodeDef.newBuilder().setName(name).setOp("Neg").addInput(input).build();
  }

  private static String input(GraphDef graph, String name) {
    return GraphPass.byName(graph).get(name).getInput(0);
  }
}
