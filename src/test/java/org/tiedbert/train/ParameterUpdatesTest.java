package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.proto.NodeDef;
import org.tiedbert.engine.Dependencies;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;

/** What updates take of memory, by the graph that runs. */
class ParameterUpdatesTest {
  private static final LossConfig LOSS = new LossConfig(0, FeatureLevel.WORD, true);

  @Test
  void fewParametersAreUpdatedAtATime() {
    try (StageSession session = open()) {
      Graph graph = session.graph().graph();
      List<String> updates =
          nodes(graph, "ResourceApplyAdam").stream().map(NodeDef::getName).toList();
      int numAtOnce = ParameterUpdates.AT_ONCE;
      assertThat(updates).hasSizeGreaterThan(3 * numAtOnce);
      for (int i = 0; i < updates.size(); i++) {
        // then: as many rows of updates, in each of which one waits for the one before
        Set<String> before = Dependencies.of(graph, updates.get(i));
        int row = i % numAtOnce;
        assertThat(updates.stream().filter(before::contains).toList())
            .isEqualTo(
                IntStream.range(0, i)
                    .filter(other -> other % numAtOnce == row)
                    .mapToObj(updates::get)
                    .toList());
      }
    }
  }

  @Test
  void everyMomentHasZerosOfItsOwn() {
    try (StageSession session = open()) {
      // of an operation with state, which TensorFlow does not take for the same as another
      assertThat(nodes(session.graph().graph(), "Empty"))
          .hasSize(2 * session.graph().gradients().size())
          .allMatch(node -> node.getAttrOrThrow("init").getB()); // and not whatever memory holds
    }
  }

  private static StageSession open() {
    return ReferenceBertSetup.open(
        ReferenceBertSetup.forward(0.1, 0.1, 1, LOSS, 4), ReferenceBertSetup.FLOAT32, name -> true);
  }

  private static List<NodeDef> nodes(Graph graph, String type) {
    return graph.toGraphDef().getNodeList().stream()
        .filter(node -> node.getOp().equals(type))
        .toList();
  }
}
