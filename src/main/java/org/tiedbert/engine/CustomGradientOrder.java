package org.tiedbert.engine;

import com.google.common.base.Splitter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tiedbert.model.CustomGradient;

/**
 * Has the functions of {@link CustomGradient} keep what they say and nothing else, by control
 * inputs, which is what TensorFlow's own optimizer and executor go by. The value is not read on
 * before what is kept has been made: else that could be put off, and all that it is made of be held
 * instead. And what the gradient makes of it again waits for the gradient: else it would be made in
 * the forward pass, or found to be the same as there, and be kept instead.
 */
final class CustomGradientOrder implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph) {
    Map<String, NodeDef> marked = new HashMap<>();
    Set<String> read = new HashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      if (isFunction(node) || isAfter(node)) {
        marked.put(node.getName(), node);
      }
      if (!isFunction(node)) {
        read.addAll(node.getInputList());
      }
    }
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      if (isFunction(node)) {
        rewritten.addNode(value(node, read));
      } else if (!isAfter(node)) {
        rewritten.addNode(reader(node, marked));
      }
    }
    return rewritten.build();
  }

  private static boolean isFunction(NodeDef node) {
    return node.containsAttr(CustomGradient.FUNCTION);
  }

  private static boolean isAfter(NodeDef node) {
    return node.containsAttr(CustomGradient.AFTER);
  }

  /**
   * The value of a function once what it keeps is there. Where no gradient goes, in frozen layers
   * and in evaluations, nothing reads what is kept, and nothing is.
   */
  private static NodeDef value(NodeDef all, Set<String> read) {
    CustomGradient function =
        CustomGradient.valueOf(all.getAttrOrThrow(CustomGradient.FUNCTION).getS().toStringUtf8());
    NodeDef.Builder value =
        NodeDef.newBuilder()
            .setName(all.getName())
            .setOp("Identity")
            .addInput(all.getInput(0))
            .putAttr("T", Casts.FLOAT32);
    List<String> kept = all.getInputList().subList(1 + function.numInputs(), all.getInputCount());
    kept.stream().filter(read::contains).map(GraphPass::waitFor).forEach(value::addInput);
    return value.build();
  }

  private static NodeDef reader(NodeDef node, Map<String, NodeDef> marked) {
    NodeDef.Builder rewritten = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      List<String> input = Splitter.on(':').splitToList(node.getInput(i));
      NodeDef read = marked.get(input.get(0));
      if (read != null && isAfter(read)) {
        rewritten.setInput(i, read.getInput(0)).addInput(GraphPass.waitFor(read.getInput(1)));
      } else if (read != null && input.size() > 1) { // no value, but what passed through beside it
        rewritten.setInput(i, read.getInput(Integer.parseInt(input.get(1))));
      }
    }
    return rewritten.build();
  }
}
