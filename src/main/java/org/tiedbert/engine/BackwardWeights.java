package org.tiedbert.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Casts weights to bfloat16 once more for the backward pass, each when what it is multiplied with
 * is there. So it is not all of the encoder's weights in bfloat16 that are in memory between the
 * two passes, for the time that it takes to cast them (half a percent of a step).
 */
final class BackwardWeights implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph) {
    Map<String, NodeDef> nodes = GraphPass.byName(graph);
    Map<String, NodeDef> casts = new LinkedHashMap<>();
    GraphDef.Builder rewritten = graph.toBuilder();
    for (NodeDef.Builder node : rewritten.getNodeBuilderList()) {
      if (node.getOp().equals("MatMul") && BackwardPass.has(node.getName())) {
        for (int i = 0; i < 2; i++) {
          NodeDef cast = nodes.get(node.getInput(i));
          if (cast != null && isOfWeights(cast, nodes)) {
            NodeDef again = again(cast, node, node.getInput(1 - i));
            casts.put(again.getName(), again);
            node.setInput(i, again.getName());
          }
        }
      }
    }
    return rewritten.addAllNode(casts.values()).build();
  }

  private static boolean isOfWeights(NodeDef cast, Map<String, NodeDef> nodes) {
    if (!Casts.isToBfloat16(cast)) {
      return false;
    }
    NodeDef value = nodes.get(cast.getInput(0));
    if (value != null && value.getOp().equals("Reshape")) { // to the shape that is known
      value = nodes.get(value.getInput(0));
    }
    return value != null && value.getOp().equals("ReadVariableOp");
  }

  private static NodeDef again(NodeDef cast, NodeDef.Builder product, String factor) {
    NodeDef.Builder again =
        cast.toBuilder()
            .setName(product.getName() + "/weights")
            .addInput(GraphPass.waitFor(factor));
    product.getInputList().stream().filter(input -> input.startsWith("^")).forEach(again::addInput);
    return again.build();
  }
}
