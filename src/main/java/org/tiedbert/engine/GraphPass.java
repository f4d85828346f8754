package org.tiedbert.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.family.TType;

/**
 * A rewriting of a whole graph. Every output keeps its name and type, so what was found in the old
 * graph is found in the new one under the same name.
 */
public interface GraphPass {
  GraphDef apply(GraphDef graph);

  /**
   * A new graph: the old one after the passes, in order.
   *
   * @return owned by the caller, who closes both
   */
  static Graph rewrite(Graph graph, List<GraphPass> passes) {
    GraphDef definition = graph.toGraphDef();
    for (GraphPass pass : passes) {
      definition = pass.apply(definition);
    }
    Graph rewritten = new Graph();
    rewritten.importGraphDef(definition);
    return rewritten;
  }

  /** The operand of the same name in a rewritten graph. */
  @SuppressWarnings("unchecked")
  static <T extends TType> Operand<T> find(Graph rewritten, Operand<T> original) {
    Output<?> output = original.asOutput();
    return (Operand<T>) rewritten.operationOrThrow(output.op().name()).output(output.index());
  }

  /** The name of the node whose output an input is, or that it waits for. */
  static String nodeOf(String input) {
    return input.replaceFirst("^\\^", "").replaceFirst(":.*$", "");
  }

  /** An input that waits for a node. */
  static String waitFor(String output) {
    return "^" + nodeOf(output);
  }

  /** The nodes of a graph by name. */
  static Map<String, NodeDef> byName(GraphDef graph) {
    Map<String, NodeDef> nodes = new HashMap<>();
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    return nodes;
  }
}
