package org.tiedbert.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tiedbert.model.CustomGradient;

/**
 * Has the backward pass compute a layer's forward pass again instead of keeping it (Chen et al.
 * 2016, arXiv 1604.06174, with a layer as the segment): from one pass to the other only layers'
 * outputs are kept, and all of one layer while its gradients are computed. Random numbers depend on
 * the step alone, so dropout is the same; other numbers are too, but for the last bit where
 * TensorFlow's optimizer joins operations in one of the two and not in the other.
 */
final class Recomputation implements GraphPass {
  private static final Pattern LAYER = Pattern.compile("^(?!bert/)(.*/)?layer_\\d+/");

  @Override
  public GraphDef apply(GraphDef graph) {
    Map<String, NodeDef> nodes = GraphPass.byName(graph);
    Set<String> outputs = outputs(graph);
    Map<String, String> waits = new HashMap<>();
    for (String output : outputs) {
      if (nodes.get(output).containsAttr(CustomGradient.FUNCTION)) {
        gradientOf(output, graph).ifPresent(gradient -> waits.put(layer(output), gradient));
      }
    }
    Map<String, NodeDef> repeated = repeated(graph, nodes, outputs, waits.keySet());
    GraphDef.Builder rewritten = graph.toBuilder();
    for (NodeDef.Builder node : rewritten.getNodeBuilderList()) {
      if (BackwardPass.has(node.getName())) {
        readRepeated(node, repeated);
      }
    }
    for (NodeDef node : repeated.values()) {
      NodeDef.Builder again = node.toBuilder().setName(BackwardPass.RECOMPUTED + node.getName());
      if (!readRepeated(again, repeated)) {
        again.addInput(GraphPass.waitFor(waits.get(layer(node.getName()))));
      }
      rewritten.addNode(again);
    }
    return rewritten.build();
  }

  /** What others of the forward pass read of a layer. */
  private static Set<String> outputs(GraphDef graph) {
    Set<String> outputs = new HashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      if (!BackwardPass.has(node.getName())) {
        String reader = layer(node.getName());
        for (String input : node.getInputList()) {
          String made = GraphPass.nodeOf(input);
          String layer = layer(made);
          if (layer != null && !layer.equals(reader)) {
            outputs.add(made);
          }
        }
      }
    }
    return outputs;
  }

  /** The gradient with respect to a function's value, if there is one. */
  private static Optional<String> gradientOf(String function, GraphDef graph) {
    String scope = BackwardPass.GRADIENTS + function + "/";
    return graph.getNodeList().stream()
        .filter(node -> node.getName().startsWith(scope))
        .flatMap(node -> node.getInputList().stream())
        .filter(input -> input.startsWith(BackwardPass.GRADIENTS) && !input.startsWith(scope))
        .findFirst();
  }

  /** What the backward pass reads of layers, and what in them that is made of; no constants. */
  private static Map<String, NodeDef> repeated(
      GraphDef graph, Map<String, NodeDef> nodes, Set<String> outputs, Set<String> layers) {
    Deque<String> open = new ArrayDeque<>();
    for (NodeDef node : graph.getNodeList()) {
      if (BackwardPass.has(node.getName())) {
        open.addAll(node.getInputList());
      }
    }
    Map<String, NodeDef> repeated = new LinkedHashMap<>();
    while (!open.isEmpty()) {
      NodeDef node = nodes.get(GraphPass.nodeOf(open.remove()));
      String layer = layer(node.getName());
      boolean isRepeated =
          layer != null
              && layers.contains(layer)
              && !outputs.contains(node.getName())
              && !node.getOp().equals("Const");
      if (isRepeated && repeated.put(node.getName(), node) == null) {
        open.addAll(node.getInputList());
      }
    }
    return repeated;
  }

  /** Whether anything that a node reads is repeated. */
  private static boolean readRepeated(NodeDef.Builder node, Map<String, NodeDef> repeated) {
    List<String> inputs = new ArrayList<>();
    boolean reads = false;
    for (String input : node.getInputList()) {
      boolean isRepeated = repeated.containsKey(GraphPass.nodeOf(input));
      reads |= isRepeated;
      boolean waits = input.startsWith("^");
      String again =
          waits
              ? "^" + BackwardPass.RECOMPUTED + input.substring(1)
              : BackwardPass.RECOMPUTED + input;
      inputs.add(isRepeated ? again : input);
    }
    node.clearInput().addAllInput(inputs);
    return reads;
  }

  /** The scope of the layer that a node of the forward pass is in; null elsewhere. */
  private static String layer(String name) {
    Matcher layer = LAYER.matcher(name);
    return !BackwardPass.has(name) && layer.find() ? layer.group() : null;
  }
}
