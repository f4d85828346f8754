package org.tiedbert.engine;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** The two types of a step, and casts between them. */
final class Casts {
  static final AttrValue FLOAT32 = type(DataType.DT_FLOAT);
  static final AttrValue BFLOAT16 = type(DataType.DT_BFLOAT16);

  private Casts() {}

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  static NodeDef toBfloat16(String name, String input) {
    return cast(name, input, FLOAT32, BFLOAT16);
  }

  static NodeDef toFloat32(String name, String input) {
    return cast(name, input, BFLOAT16, FLOAT32);
  }

  private static NodeDef cast(String name, String input, AttrValue from, AttrValue to) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Cast")
        .addInput(input)
        .putAttr("SrcT", from)
        .putAttr("DstT", to)
        .putAttr("Truncate", AttrValue.newBuilder().setB(false).build())
        .build();
  }

  static boolean isToBfloat16(NodeDef node) {
    return isCast(node, FLOAT32, BFLOAT16);
  }

  static boolean isToFloat32(NodeDef node) {
    return isCast(node, BFLOAT16, FLOAT32);
  }

  private static boolean isCast(NodeDef node, AttrValue from, AttrValue to) {
    return node.getOp().equals("Cast")
        && node.getAttrOrThrow("SrcT").equals(from)
        && node.getAttrOrThrow("DstT").equals(to);
  }

  /**
   * A graph pass: what is cast to float32 and back is as it was, so who reads it reads what was
   * there before.
   */
  static GraphDef skipPairs(GraphDef graph) {
    Map<String, NodeDef> nodes = GraphPass.byName(graph);
    Map<String, String> before = new HashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      NodeDef made = isToBfloat16(node) ? nodes.get(node.getInput(0)) : null;
      if (made != null && isToFloat32(made)) {
        before.put(node.getName(), made.getInput(0));
      }
    }
    GraphDef.Builder rewritten = graph.toBuilder();
    for (NodeDef.Builder node : rewritten.getNodeBuilderList()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, before.getOrDefault(node.getInput(i), node.getInput(i)));
      }
    }
    return rewritten.build();
  }
}
