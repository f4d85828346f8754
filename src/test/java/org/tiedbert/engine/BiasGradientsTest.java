package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

class BiasGradientsTest {
  private static final int ROWS = 300;

  @Test
  void sumsRowsInFloat32() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      // given: in bfloat16, 256 + 1 is 256; and any number of rows
      float[][] rows = new float[ROWS][];
      Arrays.fill(rows, new float[] {1, -0.5f, 0});
      Operand<TFloat32> fed = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 3)));
      Operand<TBfloat16> sums = tf.nn.biasAddGrad(tf.dtypes.cast(fed, TBfloat16.class));
      Operand<TFloat32> found = tf.dtypes.cast(sums, TFloat32.class);
      Operand<TFloat32> stays = tf.nn.biasAddGrad(fed);
      try (Graph rewritten = GraphPass.rewrite(graph, List.of(new BiasGradients()));
          Session session = new Session(rewritten);
          TFloat32 values = TFloat32.tensorOf(StdArrays.ndCopyOf(rows));
          // when
          Result result =
              session
                  .runner()
                  .feed(GraphPass.find(rewritten, fed), values)
                  .fetch(GraphPass.find(rewritten, found))
                  .run()) {
        // then
        TFloat32 actual = (TFloat32) result.get(0);
        assertThat(actual.shape().asArray()).containsExactly(3);
        assertThat(actual.getFloat(0)).isEqualTo(300);
        assertThat(actual.getFloat(1)).isEqualTo(-150);
        assertThat(actual.getFloat(2)).isZero();
        assertThat(GraphPass.find(rewritten, stays).op().type()).isEqualTo("BiasAddGrad");
        assertThat(GraphPass.find(rewritten, sums).op().type()).isEqualTo("Squeeze");
      }
    }
  }
}
