package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

class PrecisionTest {
  @Test
  void bfloat16RoundsOperandsAndResultsOfProductsAlone() {
    // given: 1 + 2⁻⁸ is half-way between two numbers of 8 bits and rounds to the even one, 1;
    // 1 + 3·2⁻⁸ rounds to 1 + 2⁻⁶; 3 + 2⁻⁶ = 3.015625 is exact in 8 bits
    float[][] a = {{1 + 0x1p-8f, 1}};
    float[][] b = {{1 + 3 * 0x1p-8f, 2}};
    // then: 1·(1 + 2⁻⁶) + 1·2 = 3.015625, and float32 of the sum after the product
    assertThat(productPlusSmall(Precision.BFLOAT16, a, b)).isEqualTo(3.015625f + 0x1p-20f);
    // and: (1 + 2⁻⁸)·(1 + 3·2⁻⁸) + 2
    float exact = (1 + 0x1p-8f) * (1 + 3 * 0x1p-8f) + 2 + 0x1p-20f;
    assertThat(productPlusSmall(Precision.FLOAT32, a, b)).isEqualTo(exact);
  }

  private static float productPlusSmall(Precision precision, float[][] a, float[][] b) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> product =
          tf.linalg.matMul(tf.constant(a), tf.constant(b), MatMul.transposeB(true)); // [1, 1]
      Operand<TFloat32> sum = tf.math.add(product, tf.constant(0x1p-20f));
      try (Graph rewritten = GraphPass.rewrite(graph, precision.forwardPasses());
          Session session = new Session(rewritten);
          Result result = session.runner().fetch(GraphPass.find(rewritten, sum)).run()) {
        return ((TFloat32) result.get(0)).getFloat(0, 0);
      }
    }
  }

  @Test
  void fromProductToProductNothingIsCast() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.constant(new float[][] {{1, 2}, {3, 4}});
      // given: 4 + 2⁻⁷ and 2⁻⁷ + 3 are no numbers of 8 bits
      Operand<TFloat32> product = tf.linalg.matMul(x, tf.constant(new float[][] {{1, 0}, {0, 1}}));
      Operand<TFloat32> sum = tf.nn.biasAdd(product, tf.constant(new float[] {0x1p-7f, 0}));
      Operand<TFloat32> moved =
          tf.linalg.transpose(tf.reshape(sum, tf.array(2, 2)), tf.array(1, 0));
      Operand<TFloat32> halves = tf.math.mul(moved, tf.constant(0.5f));
      Operand<TFloat32> thirds = tf.withName("thirds").math.mul(moved, tf.constant(1 / 3f));
      Operand<TFloat32> last = tf.withName("last").linalg.matMul(halves, x);
      try (Graph rewritten = GraphPass.rewrite(graph, Precision.BFLOAT16.forwardPasses());
          Session session = new Session(rewritten);
          Result result =
              session
                  .runner()
                  .fetch(GraphPass.find(rewritten, halves))
                  .fetch(GraphPass.find(rewritten, thirds))
                  .run()) {
        // then
        assertThat(Dependencies.of(rewritten, "last/in_bfloat16"))
            .filteredOn(name -> rewritten.operationOrThrow(name).type().equals("Cast"))
            .allMatch(name -> name.startsWith("Const")); // operands, and nothing between
        // and: 1 + 2⁻⁷ is one of 8 bits, 3 + 2⁻⁷ rounds to 3
        TFloat32 half = (TFloat32) result.get(0);
        assertThat(half.getFloat(0, 0)).isEqualTo(0.5f + 0x1p-8f);
        assertThat(half.getFloat(0, 1)).isEqualTo(1.5f);
        assertThat(half.getFloat(1, 0)).isEqualTo(1);
        // and a factor that bfloat16 would change is multiplied with in float32
        assertThat(((TFloat32) result.get(1)).getFloat(1, 1)).isEqualTo(4 * (1 / 3f));
      }
    }
  }

  @Test
  void anOperandIsCastOnceHoweverManyProductsReadIt() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.withName("x").constant(new float[2][2]);
      Operand<TFloat32> first = tf.withName("first").linalg.matMul(x, x);
      Operand<TFloat32> second = tf.withName("second").linalg.matMul(first, x);
      Operand<TFloat64> doubles = tf.dtypes.cast(second, TFloat64.class);
      tf.withName("doubles").linalg.matMul(doubles, doubles);
      try (Graph rewritten = GraphPass.rewrite(graph, Precision.BFLOAT16.forwardPasses())) {
        // when
        List<String> toBfloat16 = new ArrayList<>();
        List<String> products = new ArrayList<>();
        for (NodeDef node : rewritten.toGraphDef().getNodeList()) {
          if (node.getOp().equals("Cast")
              && node.getAttrOrThrow("DstT").getType() == DataType.DT_BFLOAT16) {
            toBfloat16.add(node.getInput(0));
          }
          if (node.getOp().equals("MatMul")
              && node.getAttrOrThrow("T").getType() == DataType.DT_BFLOAT16) {
            products.add(node.getName());
          }
        }
        // then: under the old names stand float32 results, and a product reads one as it was before
        assertThat(toBfloat16).containsExactly("x");
        assertThat(rewritten.toGraphDef().getNodeList())
            .filteredOn(node -> node.getName().equals("second/in_bfloat16"))
            .extracting(node -> node.getInput(0))
            .containsExactly("first/in_bfloat16");
        assertThat(products).containsExactly("first/in_bfloat16", "second/in_bfloat16");
        assertThat(GraphPass.find(rewritten, second).type()).isEqualTo(TFloat32.class);
        assertThat(rewritten.operationOrThrow("doubles").output(0).type())
            .isEqualTo(TFloat64.class);
      }
    }
  }
}
