package org.tiedbert.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Runs float32 matrix products in bfloat16: each operand is cast once, however many products read
 * it, and each product's result is cast back under the product's old name.
 */
final class Bfloat16Products implements GraphPass {
  private static final String SUFFIX = "/in_bfloat16";
  private static final Set<String> PRODUCTS = Set.of("MatMul", "BatchMatMulV2", "BatchMatMulV3");

  /** The attributes that hold a product's types: T, or those of BatchMatMulV3. */
  private static final Set<String> TYPES = Set.of("T", "Ta", "Tb", "Tout");

  @Override
  public GraphDef apply(GraphDef graph) {
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    Map<String, NodeDef> casts = new LinkedHashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      if (isFloat32Product(node)) {
        rewritten.addNode(product(node, casts));
        rewritten.addNode(
            cast(node.getName(), node.getName() + SUFFIX, DataType.DT_BFLOAT16, DataType.DT_FLOAT));
      } else {
        rewritten.addNode(node);
      }
    }
    return rewritten.addAllNode(casts.values()).build();
  }

  private static boolean isFloat32Product(NodeDef node) {
    return PRODUCTS.contains(node.getOp())
        && node.getAttrMap().entrySet().stream()
            .filter(attribute -> TYPES.contains(attribute.getKey()))
            .allMatch(attribute -> attribute.getValue().getType() == DataType.DT_FLOAT);
  }

  private static NodeDef product(NodeDef node, Map<String, NodeDef> casts) {
    NodeDef.Builder product = node.toBuilder().setName(node.getName() + SUFFIX).clearInput();
    for (String input : node.getInputList()) {
      product.addInput(input.startsWith("^") ? input : castOf(input, casts));
    }
    for (String type : TYPES) {
      if (node.containsAttr(type)) {
        product.putAttr(type, type(DataType.DT_BFLOAT16));
      }
    }
    return product.build();
  }

  private static String castOf(String input, Map<String, NodeDef> casts) {
    String name = input.replace(':', '_') + "/to_bfloat16";
    casts.computeIfAbsent(name, key -> cast(key, input, DataType.DT_FLOAT, DataType.DT_BFLOAT16));
    return name;
  }

  private static NodeDef cast(String name, String input, DataType from, DataType to) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Cast")
        .addInput(input)
        .putAttr("SrcT", type(from))
        .putAttr("DstT", type(to))
        .putAttr("Truncate", AttrValue.newBuilder().setB(false).build())
        .build();
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }
}
