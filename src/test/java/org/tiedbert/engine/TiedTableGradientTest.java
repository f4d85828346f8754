package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tiedbert.optim.Gradients;

class TiedTableGradientTest {
  @Test
  void theProductsHalfWaitsForTheLookUps() {
    try (Graph graph = new Graph()) {
      // given: L = Σ w·table[2, 0] + Σ u·(f·tableᵀ)
      Ops tf = Ops.create(graph);
      Operand<TFloat32> table = fed(tf, "table", 3, 2);
      Operand<TFloat32> weights = fed(tf, "w", 2, 2);
      Operand<TFloat32> features = fed(tf, "f", 1, 2);
      Operand<TFloat32> factors = fed(tf, "u", 1, 3);
      Operand<TFloat32> rows = tf.gather(table, tf.array(2, 0), tf.constant(0));
      Operand<TFloat32> product = tf.linalg.matMul(features, table, MatMul.transposeB(true));
      Operand<TFloat32> loss =
          tf.math.add(
              tf.sum(tf.math.mul(weights, rows), tf.array(0, 1)),
              tf.sum(tf.math.mul(factors, product), tf.array(0, 1)));
      Operand<TFloat32> gradient = Gradients.of(graph, loss, List.of(table)).get(0);
      NodeDef half = only(graph, "MatMul", "f");
      NodeDef scatter = only(graph, "UnsortedSegmentSum", "");
      // when
      try (Graph rewritten = GraphPass.rewrite(graph, List.of(new TiedTableGradient()))) {
        // then
        List<String> inputs = new ArrayList<>(half.getInputList());
        inputs.add("^" + scatter.getInput(0));
        assertThat(only(rewritten, "MatMul", "f").getInputList()).isEqualTo(inputs);
        try (Session session = new Session(rewritten);
            TFloat32 tables = values(new float[3][2]);
            TFloat32 ws = values(new float[][] {{1, 2}, {3, 4}});
            TFloat32 fs = values(new float[][] {{10, 20}});
            TFloat32 us = values(new float[][] {{1, 0, -1}});
            Result result =
                session
                    .runner()
                    .feed("table", tables)
                    .feed("w", ws)
                    .feed("f", fs)
                    .feed("u", us)
                    .fetch(GraphPass.find(rewritten, gradient))
                    .run()) {
          // and: rows of w where they were looked up, and u·f
          assertThat(StdArrays.array2dCopyOf((TFloat32) result.get(0)))
              .isDeepEqualTo(new float[][] {{3 + 10, 4 + 20}, {0, 0}, {1 - 10, 2 - 20}});
        }
      }
    }
  }

  /** The only one of its type in the backward pass that reads something. */
  private static NodeDef only(Graph graph, String type, String read) {
    return Iterables.getOnlyElement(
        graph.toGraphDef().getNodeList().stream()
            .filter(node -> node.getOp().equals(type) && node.getName().startsWith("gradients/"))
            .filter(node -> read.isEmpty() || node.getInputList().contains(read))
            .toList());
  }

  private static Operand<TFloat32> fed(Ops tf, String name, long rows, long columns) {
    return tf.withName(name)
        .placeholder(TFloat32.class, Placeholder.shape(Shape.of(rows, columns)));
  }

  private static TFloat32 values(float[][] values) {
    return TFloat32.tensorOf(StdArrays.ndCopyOf(values));
  }
}
