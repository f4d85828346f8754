package org.tiedbert.engine;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tiedbert.model.CustomGradient;

/**
 * Prepares a forward graph for gradients of {@link CustomGradient}: what marks a function's value
 * becomes an IdentityN of the value, the function's inputs and what it keeps. Gradients go through
 * the inputs alone.
 */
public final class CustomGradients implements GraphPass {
  private final Precision precision;

  /**
   * @param precision of products: where that is bfloat16, an input that was cast from it is taken
   *     as it was before, and what may be rounded is kept so
   */
  public CustomGradients(Precision precision) {
    this.precision = precision;
  }

  @Override
  public GraphDef apply(GraphDef graph) {
    Map<String, NodeDef> nodes = GraphPass.byName(graph);
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      if (node.containsAttr(CustomGradient.OPERANDS)) {
        addFunction(rewritten, node, nodes);
      } else {
        rewritten.addNode(node);
      }
    }
    return rewritten.build();
  }

  /** A graph that only runs forward, without the marks and what only gradients would read. */
  public static GraphDef leaveOut(GraphDef graph) {
    Multiset<String> readers = HashMultiset.create();
    Map<String, NodeDef> nodes = GraphPass.byName(graph);
    Deque<String> kept = new ArrayDeque<>();
    for (NodeDef node : graph.getNodeList()) {
      node.getInputList().forEach(input -> readers.add(GraphPass.nodeOf(input)));
      if (node.containsAttr(CustomGradient.OPERANDS)) {
        node.getAttrOrThrow(CustomGradient.OPERANDS)
            .getList()
            .getSList()
            .forEach(operand -> kept.add(GraphPass.nodeOf(operand.toStringUtf8())));
      }
    }
    Set<String> unread = new HashSet<>();
    while (!kept.isEmpty()) {
      String name = kept.remove();
      if (!readers.contains(name) && unread.add(name)) {
        for (String input : nodes.get(name).getInputList()) {
          readers.remove(GraphPass.nodeOf(input));
          kept.add(GraphPass.nodeOf(input));
        }
      }
    }
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      if (!unread.contains(node.getName())) {
        rewritten.addNode(
            node.toBuilder()
                .removeAttr(CustomGradient.FUNCTION)
                .removeAttr(CustomGradient.OPERANDS)
                .removeAttr(CustomGradient.TYPES));
      }
    }
    return rewritten.build();
  }

  private void addFunction(GraphDef.Builder graph, NodeDef value, Map<String, NodeDef> nodes) {
    AttrValue name = value.getAttrOrThrow(CustomGradient.FUNCTION);
    CustomGradient function = CustomGradient.valueOf(name.getS().toStringUtf8());
    boolean isRounded = precision == Precision.BFLOAT16 && function.isRounded();
    AttrValue.ListValue operands = value.getAttrOrThrow(CustomGradient.OPERANDS).getList();
    AttrValue.ListValue types = value.getAttrOrThrow(CustomGradient.TYPES).getList();
    NodeDef.Builder all = NodeDef.newBuilder().setName(value.getName()).setOp("IdentityN");
    AttrValue.ListValue.Builder allTypes = AttrValue.ListValue.newBuilder();
    NodeDef stopped = stopped(value.getName() + "/value", value.getInput(0), DataType.DT_FLOAT);
    graph.addNode(stopped);
    all.addInput(stopped.getName());
    allTypes.addType(DataType.DT_FLOAT);
    for (int i = 0; i < operands.getSCount(); i++) {
      String operand = operands.getS(i).toStringUtf8();
      DataType type = types.getType(i);
      if (i < function.numInputs()) {
        NodeDef made = nodes.get(GraphPass.nodeOf(operand));
        if (Casts.isToFloat32(made)) {
          operand = made.getInput(0);
          type = DataType.DT_BFLOAT16;
        }
      } else {
        String keptName = value.getName() + "/kept_" + (i - function.numInputs());
        if (isRounded && i == function.numInputs()) {
          NodeDef rounded = Casts.toBfloat16(keptName + "/rounded", operand);
          graph.addNode(rounded);
          operand = rounded.getName();
          type = DataType.DT_BFLOAT16;
        }
        stopped = stopped(keptName, operand, type);
        graph.addNode(stopped);
        operand = stopped.getName();
      }
      all.addInput(operand);
      allTypes.addType(type);
    }
    all.putAttr("T", AttrValue.newBuilder().setList(allTypes).build());
    all.putAttr(CustomGradient.FUNCTION, name);
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
