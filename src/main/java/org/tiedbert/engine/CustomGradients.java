package org.tiedbert.engine;

import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tiedbert.model.CustomGradient;

/**
 * Prepares a forward graph for gradients of {@link CustomGradient}: what marks a function's value
 * becomes an IdentityN of the value and the function's operands. Gradients go through the operands;
 * through the value, and what else is not differentiable, goes none.
 */
public final class CustomGradients implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph) {
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      if (node.containsAttr(CustomGradient.OPERANDS)) {
        addFunction(rewritten, node);
      } else {
        rewritten.addNode(node);
      }
    }
    return rewritten.build();
  }

  private static void addFunction(GraphDef.Builder graph, NodeDef value) {
    AttrValue function = value.getAttrOrThrow(CustomGradient.FUNCTION);
    AttrValue.ListValue operands = value.getAttrOrThrow(CustomGradient.OPERANDS).getList();
    AttrValue.ListValue types = value.getAttrOrThrow(CustomGradient.TYPES).getList();
    int numDifferentiable =
        CustomGradient.valueOf(function.getS().toStringUtf8()).numDifferentiable();
    NodeDef.Builder all = NodeDef.newBuilder().setName(value.getName()).setOp("IdentityN");
    AttrValue.ListValue.Builder allTypes = AttrValue.ListValue.newBuilder();
    NodeDef stopped = stopped(value.getName() + "/value", value.getInput(0), DataType.DT_FLOAT);
    graph.addNode(stopped);
    all.addInput(stopped.getName());
    allTypes.addType(DataType.DT_FLOAT);
    for (int i = 0; i < operands.getSCount(); i++) {
      String operand = operands.getS(i).toStringUtf8();
      if (i >= numDifferentiable) {
        stopped = stopped(value.getName() + "/operand_" + i, operand, types.getType(i));
        graph.addNode(stopped);
        operand = stopped.getName();
      }
      all.addInput(operand);
      allTypes.addType(types.getType(i));
    }
    all.putAttr("T", AttrValue.newBuilder().setList(allTypes).build());
    all.putAttr(CustomGradient.FUNCTION, function);
    graph.addNode(all);
  }

  private static NodeDef stopped(String name, String input, DataType type) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("StopGradient")
        .addInput(input)
        .putAttr("T", AttrValue.newBuilder().setType(type).build())
        .build();
  }
}
