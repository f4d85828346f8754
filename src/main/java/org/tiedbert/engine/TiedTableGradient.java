package org.tiedbert.engine;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Puts off one half of the gradient of a table that rows are looked up in and that is multiplied
 * with, as the word embeddings are: the product's. That could be made at the start of the backward
 * pass, when most of the forward pass is still in memory, and is of the size of the vocabulary; it
 * is not needed before the other half, the look-up's, which comes last.
 */
final class TiedTableGradient implements GraphPass {
  private static final Set<String> MOVES = Set.of("Cast", "Identity", "Reshape", "Transpose");

  @Override
  public GraphDef apply(GraphDef graph) {
    Map<String, NodeDef> nodes = GraphPass.byName(graph);
    Map<String, String> waits = new HashMap<>();
    for (NodeDef sum : graph.getNodeList()) {
      if (sum.getOp().equals("AddN") && sum.getInputCount() == 2) {
        putOff(sum.getInput(0), sum.getInput(1), nodes, waits);
        putOff(sum.getInput(1), sum.getInput(0), nodes, waits);
      }
    }
    GraphDef.Builder rewritten = graph.toBuilder();
    for (NodeDef.Builder node : rewritten.getNodeBuilderList()) {
      if (waits.containsKey(node.getName())) {
        node.addInput(waits.get(node.getName()));
      }
    }
    return rewritten.build();
  }

  private static void putOff(
      String lookedUp, String multiplied, Map<String, NodeDef> nodes, Map<String, String> waits) {
    NodeDef scatter = made(lookedUp, nodes);
    NodeDef product = made(multiplied, nodes);
    if (scatter.getOp().equals("UnsortedSegmentSum") && product.getOp().equals("MatMul")) {
      waits.put(product.getName(), GraphPass.waitFor(scatter.getInput(0)));
    }
  }

  /** What was made before it was moved or cast. */
  private static NodeDef made(String output, Map<String, NodeDef> nodes) {
    NodeDef node = nodes.get(GraphPass.nodeOf(output));
    while (MOVES.contains(node.getOp())) {
      node = nodes.get(GraphPass.nodeOf(node.getInput(0)));
    }
    return node;
  }
}
