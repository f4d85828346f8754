package org.tiedbert.engine;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * Runs float32 matrix products in bfloat16, and with them what only moves their results, scales
 * them or adds a bias, so that from one product to the next nothing is cast. Each float32 operand
 * is cast once, however many products read it, and each result is cast back under its old name for
 * those that want it in float32.
 */
final class Bfloat16Products implements GraphPass {
  private static final String SUFFIX = "/in_bfloat16";
  private static final Set<String> PRODUCTS = Set.of("MatMul", "BatchMatMulV2", "BatchMatMulV3");

  /** Their first input is in bfloat16 where it comes from a product. */
  private static final Set<String> MOVES = Set.of("Reshape", "Transpose");

  /** The attributes that hold an operation's types: T, or those of BatchMatMulV3. */
  private static final Set<String> TYPES = Set.of("T", "Ta", "Tb", "Tout");

  @Override
  public GraphDef apply(GraphDef graph) {
    return new Rewriting(graph).rewritten();
  }

  /** One graph on its way. */
  private static final class Rewriting {
    private final GraphDef graph;
    private final Map<String, NodeDef> nodes;
    private final Map<String, NodeDef> casts = new LinkedHashMap<>();

    /** For each float32 output that was in bfloat16 before: what that is called. */
    private final Map<String, String> before = new HashMap<>();

    Rewriting(GraphDef graph) {
      this.graph = graph;
      this.nodes = GraphPass.byName(graph);
    }

    GraphDef rewritten() {
      GraphDef.Builder rewritten = graph.toBuilder().clearNode();
      for (NodeDef node : graph.getNodeList()) { // each behind its inputs, as graphs are built
        List<String> cast = castInputs(node);
        if (cast.isEmpty()) {
          rewritten.addNode(node);
        } else {
          String name = node.getName() + SUFFIX;
          rewritten.addNode(inBfloat16(node, name, cast));
          rewritten.addNode(Casts.toFloat32(node.getName(), name));
          before.put(node.getName(), name);
        }
      }
      return rewritten.addAllNode(casts.values()).build();
    }

    /** The inputs that an operation takes in bfloat16; none where it stays in float32. */
    private List<String> castInputs(NodeDef node) {
      if (!isFloat32(node)) {
        return List.of();
      }
      String op = node.getOp();
      if (PRODUCTS.contains(op)) {
        return node.getInputList().subList(0, 2);
      }
      if (MOVES.contains(op) && before.containsKey(node.getInput(0))) {
        return List.of(node.getInput(0));
      }
      boolean adds = op.equals("BiasAdd") && before.containsKey(node.getInput(0));
      boolean scales = op.equals("Mul") && isScaled(node.getInput(0), node.getInput(1));
      return adds || scales ? node.getInputList().subList(0, 2) : List.of();
    }

    /** Whether the other operand is a number that loses nothing in bfloat16. */
    private boolean isScaled(String product, String scale) {
      NodeDef constant = nodes.get(scale);
      if (!before.containsKey(product) || constant == null || !constant.getOp().equals("Const")) {
        return false;
      }
      TensorProto value = constant.getAttrOrThrow("value").getTensor();
      return value.getTensorShape().getDimCount() == 0
          && (Float.floatToRawIntBits(scalar(value)) & 0xffff) == 0;
    }

    private static float scalar(TensorProto value) {
      return value.getFloatValCount() == 1
          ? value.getFloatVal(0)
          : value
              .getTensorContent()
              .asReadOnlyByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN)
              .getFloat();
    }

    private NodeDef inBfloat16(NodeDef node, String name, List<String> cast) {
      NodeDef.Builder rewritten = node.toBuilder().setName(name).clearInput();
      List<String> inputs = new ArrayList<>(node.getInputList());
      for (int i = 0; i < inputs.size(); i++) {
        rewritten.addInput(i < cast.size() ? castOf(inputs.get(i)) : inputs.get(i));
      }
      for (String type : TYPES) {
        if (node.containsAttr(type)) {
          rewritten.putAttr(type, Casts.BFLOAT16);
        }
      }
      return rewritten.build();
    }

    private String castOf(String input) {
      if (before.containsKey(input)) {
        return before.get(input);
      }
      String name = input.replace(':', '_') + "/to_bfloat16";
      casts.computeIfAbsent(name, key -> Casts.toBfloat16(key, input));
      return name;
    }
  }

  private static boolean isFloat32(NodeDef node) {
    return node.getAttrMap().entrySet().stream()
        .filter(attribute -> TYPES.contains(attribute.getKey()))
        .allMatch(attribute -> attribute.getValue().equals(Casts.FLOAT32));
  }
}
