package org.tiedbert.engine;

import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Asks XLA to compile element-wise operations, reductions and what moves between them, so that
 * chains of them pass over memory once. Matrix products, gathers and random numbers are left to
 * TensorFlow's own kernels.
 */
final class XlaFusible implements GraphPass {
  private static final AttrValue TRUE = AttrValue.newBuilder().setB(true).build();

  /** Element-wise operations, reductions over an axis, and shape changes between them. */
  private static final Set<String> FUSIBLE =
      Set.of(
          "Abs",
          "Add",
          "AddN",
          "AddV2",
          "BiasAdd",
          "BiasAddGrad",
          "BroadcastTo",
          "Cast",
          "Div",
          "Equal",
          "Erf",
          "Erfc",
          "Exp",
          "ExpandDims",
          "Greater",
          "GreaterEqual",
          "Identity",
          "IdentityN",
          "Inv",
          "IsFinite",
          "Less",
          "LessEqual",
          "Log",
          "LogicalAnd",
          "LogicalNot",
          "Max",
          "Maximum",
          "Mean",
          "Minimum",
          "Mul",
          "Neg",
          "OnesLike",
          "Pow",
          "RealDiv",
          "Reciprocal",
          "Reshape",
          "Rsqrt",
          "RsqrtGrad",
          "Select",
          "SelectV2",
          "Softmax",
          "Sqrt",
          "SqrtGrad",
          "Square",
          "SquaredDifference",
          "Squeeze",
          "StopGradient",
          "Sub",
          "Sum",
          "Tanh",
          "TanhGrad",
          "Tile",
          "ZerosLike");

  @Override
  public GraphDef apply(GraphDef graph) {
    GraphDef.Builder rewritten = graph.toBuilder();
    for (NodeDef.Builder node : rewritten.getNodeBuilderList()) {
      if (FUSIBLE.contains(node.getOp())) {
        node.putAttr("_XlaCompile", TRUE);
      }
    }
    return rewritten.build();
  }
}
