package org.tiedbert.export;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * Leaves out of a graph the attributes that have their default values, as Python's {@code
 * strip_default_attrs} does. An older TensorFlow refuses a node with an attribute that it does not
 * know, though it does what the default says; this one writes several that came after 2.10.
 */
final class DefaultAttributes {
  private DefaultAttributes() {}

  static GraphDef leaveOut(GraphDef graph) {
    Map<String, OpDef> operations = new HashMap<>();
    TensorFlow.registeredOpList()
        .getOpList()
        .forEach(operation -> operations.put(operation.getName(), operation));
    GraphDef.Builder result = graph.toBuilder();
    result
        .getNodeBuilderList()
        .forEach(node -> leaveOut(node, operations.getOrDefault(node.getOp(), noDefaults())));
    result
        .getLibraryBuilder()
        .getFunctionBuilderList()
        .forEach(
            function ->
                function
                    .getNodeDefBuilderList()
                    .forEach(
                        node ->
                            leaveOut(node, operations.getOrDefault(node.getOp(), noDefaults()))));
    return result.build();
  }

  /** Of an operation that is a function of the graph. */
  private static OpDef noDefaults() {
    return OpDef.getDefaultInstance();
  }

  private static void leaveOut(NodeDef.Builder node, OpDef operation) {
    for (OpDef.AttrDef attribute : operation.getAttrList()) {
      AttrValue value = node.getAttrMap().get(attribute.getName());
      if (attribute.hasDefaultValue() && attribute.getDefaultValue().equals(value)) {
        node.removeAttr(attribute.getName());
      }
    }
  }
}
