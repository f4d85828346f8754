package org.tiedbert.export;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Names each variable's operation as the variable itself is called, which is the name that Python
 * shows; within TensorFlow Java an operation and a scope cannot have the same name.
 */
final class VariableNames {
  private VariableNames() {}

  static GraphDef give(GraphDef graph) {
    Map<String, String> renamed = new HashMap<>();
    GraphDef.Builder result = graph.toBuilder();
    for (NodeDef.Builder node : result.getNodeBuilderList()) {
      if (node.getOp().equals("VarHandleOp")) {
        String name = node.getAttrOrThrow("shared_name").getS().toStringUtf8();
        renamed.put(node.getName(), name);
        node.setName(name);
      }
    }
    for (NodeDef.Builder node : result.getNodeBuilderList()) {
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, renamed.getOrDefault(node.getInput(i), node.getInput(i)));
      }
    }
    return result.build();
  }
}
