package org.tiedbert.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.proto.NodeDef;

/** What must have run before an operation of a graph can. */
public final class Dependencies {
  private Dependencies() {}

  /** Names of all operations that one depends on, directly or through others. */
  public static Set<String> of(Graph graph, String operation) {
    Map<String, NodeDef> nodes = GraphPass.byName(graph.toGraphDef());
    Set<String> found = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(Set.of(operation));
    while (!open.isEmpty()) {
      for (String input : nodes.get(open.remove()).getInputList()) {
        String name = GraphPass.nodeOf(input);
        if (found.add(name)) {
          open.add(name);
        }
      }
    }
    return found;
  }
}
