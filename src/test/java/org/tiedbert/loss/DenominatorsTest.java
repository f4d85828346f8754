package org.tiedbert.loss;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

class DenominatorsTest {
  @Test
  void countsPredictionsOfEachViewTokensAndSequences() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      // given: three sequences, two views, two slots; the last sequence is all padding
      float[][][] weights = {{{1, 1}, {1, 0}}, {{1, 0}, {1, 0}}, {{0, 0}, {0, 0}}};
      float[][] real = {{1, 1, 1, 1}, {1, 1, 1, 0}, {0, 0, 0, 0}};
      // when
      Denominators counts = Denominators.count(tf, tf.constant(weights), tf.constant(real), 2);
      // then
      assertThat(LossGraph.evaluate(graph, counts.vector())).containsExactly(3, 2, 7, 2);
      assertThat(LossGraph.evaluate(graph, counts.predictions(tf))).containsExactly(3, 2);
      assertThat(LossGraph.evaluate(graph, counts.realTokens(tf))).containsExactly(7);
      assertThat(LossGraph.evaluate(graph, counts.sequences(tf))).containsExactly(2);
    }
  }

  @Test
  void nothingDividesAsOne() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Denominators nothing = new Denominators(tf.array(0f, 0f, 0f), 1);
      assertThat(LossGraph.evaluate(graph, nothing.predictions(tf))).containsExactly(1);
      assertThat(LossGraph.evaluate(graph, nothing.realTokens(tf))).containsExactly(1);
      assertThat(LossGraph.evaluate(graph, nothing.sequences(tf))).containsExactly(1);
    }
  }
}
