package org.tiedbert.engine;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.proto.GraphDef;
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
}
