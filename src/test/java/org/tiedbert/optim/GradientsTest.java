package org.tiedbert.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class GradientsTest {
  @Test
  void areInTheOrderAskedFor() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.constant(3f);
      Operand<TFloat32> y = tf.constant(5f);
      // given: x²·y has the derivatives 2·x·y = 30 and x² = 9
      Operand<TFloat32> loss = tf.math.mul(tf.math.square(x), y);
      // when
      List<Operand<TFloat32>> gradients = Gradients.of(graph, loss, List.of(y, x));
      // then
      try (Result result = session.runner().fetch(gradients.get(0)).fetch(gradients.get(1)).run()) {
        assertThat(((TFloat32) result.get(0)).getFloat()).isEqualTo(9);
        assertThat(((TFloat32) result.get(1)).getFloat()).isEqualTo(30);
      }
    }
  }

  @Test
  void refuseWhatTheLossDoesNotDependOn() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.withName("x").constant(3f);
      Operand<TFloat32> unused = tf.withName("unused").constant(5f);
      Operand<TFloat32> loss = tf.math.square(x);
      assertThatThrownBy(() -> Gradients.of(graph, loss, List.of(x, unused)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("'unused'");
    }
  }

  @Test
  void refuseWhatHasNoDerivative() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.withName("x").constant(3f);
      Operand<TFloat32> loss = tf.math.add(tf.math.floor(x), tf.math.zeta(x, x));
      assertThatThrownBy(() -> Gradients.of(graph, loss, List.of(x)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("the loss has no gradient for each of the 1 operands: ");
    }
  }
}
