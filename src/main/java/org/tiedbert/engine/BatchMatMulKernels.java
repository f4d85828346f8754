package org.tiedbert.engine;

import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Turns BatchMatMulV3, which TensorFlow Java and the C++ gradients emit, into BatchMatMulV2, the
 * same product with equal types: only that one has oneDNN kernels on CPU.
 */
public final class BatchMatMulKernels implements GraphPass {
  @Override
  public GraphDef apply(GraphDef graph) {
    GraphDef.Builder rewritten = graph.toBuilder();
    for (NodeDef.Builder node : rewritten.getNodeBuilderList()) {
      if (node.getOp().equals("BatchMatMulV3") && typesAreEqual(node)) {
        node.setOp("BatchMatMulV2").putAttr("T", node.getAttrOrThrow("Ta"));
        node.removeAttr("Ta").removeAttr("Tb").removeAttr("Tout");
      }
    }
    return rewritten.build();
  }

  private static boolean typesAreEqual(NodeDef.Builder node) {
    return node.getAttrOrThrow("Ta").equals(node.getAttrOrThrow("Tb"))
        && node.getAttrOrThrow("Ta").equals(node.getAttrOrThrow("Tout"));
  }
}
