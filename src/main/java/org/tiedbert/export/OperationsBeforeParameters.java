package org.tiedbert.export;

import com.google.common.collect.Sets;
import com.google.common.graph.Graph;
import com.google.common.graph.GraphBuilder;
import com.google.common.graph.Graphs;
import com.google.common.graph.MutableGraph;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * What a graph makes of its input before any parameter comes in: of a graph that takes text, the
 * tokenizer. Found by who reads whom, as names are the graph's own affair.
 */
final class OperationsBeforeParameters {
  private static final String PARAMETER = "VarHandleOp";

  private final MutableGraph<String> readers =
      GraphBuilder.directed().allowsSelfLoops(true).build();
  private final Set<String> afterParameters = new HashSet<>();

  OperationsBeforeParameters(GraphDef graph) {
    for (NodeDef node : graph.getNodeList()) {
      readers.addNode(node.getName());
      node.getInputList().forEach(input -> readers.putEdge(operation(input), node.getName()));
    }
    List<NodeDef> operations = graph.getNodeList();
    operations.stream()
        .filter(node -> node.getOp().equals(PARAMETER))
        .forEach(node -> afterParameters.addAll(Graphs.reachableNodes(readers, node.getName())));
  }

  /**
   * Those of them whose results meet a parameter; to run these is to run them all.
   *
   * @param input a tensor, {@code operation:index}
   * @param output a tensor that is made of the input and of parameters
   */
  Set<String> between(String input, String output) {
    Graph<String> sources = Graphs.transpose(readers);
    Set<String> inBetween =
        Sets.intersection(
            Graphs.reachableNodes(readers, operation(input)),
            Graphs.reachableNodes(sources, operation(output)));
    Set<String> last = new HashSet<>();
    for (String reader : Sets.intersection(inBetween, afterParameters)) {
      last.addAll(Sets.intersection(readers.predecessors(reader), inBetween));
    }
    last.removeAll(afterParameters);
    return last;
  }

  private static String operation(String tensor) {
    String name = tensor.startsWith("^") ? tensor.substring(1) : tensor;
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }
}
