package org.tiedbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class LayerNormTest {
  @Test
  void normalisesEachRowThenScalesAndShifts() {
    try (ModelGraph graph = new ModelGraph()) {
      LayerNorm norm = new LayerNorm(graph.parameters(), "norm", 4);
      graph.assign("norm/gamma", 1, 2, 1, -1);
      graph.assign("norm/beta", 0, 0, 5, 0.5f);
      // given: mean 3 and variance (4 + 0 + 0 + 4)/4 = 2; mean 0 and variance 100
      Operand<TFloat32> input =
          graph.tf().constant(new float[][] {{1, 3, 3, 5}, {10, -10, 10, -10}});
      // when
      float[] actual = graph.evaluate(norm.apply(graph.tf(), input));
      // then: 2/√2 = 1.4142136
      float[] expected = {-1.4142136f, 0, 5, -0.9142136f, 1, -2, 6, 1.5f};
      assertThat(actual).containsExactly(expected, within(1e-6f));
    }
  }

  @Test
  void addsTheEpsilonOfBertToTheVariance() {
    try (ModelGraph graph = new ModelGraph()) {
      LayerNorm norm = new LayerNorm(graph.parameters(), "norm", 2);
      graph.assign("norm/gamma", 1, 1);
      graph.assign("norm/beta", 0, 0);
      // when: variance 1e-12
      Operand<TFloat32> input = graph.tf().constant(new float[][] {{-1e-6f, 1e-6f}});
      float[] actual = graph.evaluate(norm.apply(graph.tf(), input));
      // then: 1e-6/√(2e-12) = 1/√2; an epsilon of 1e-5 would give 0.0003
      assertThat(actual).containsExactly(new float[] {-0.7071068f, 0.7071068f}, within(1e-5f));
    }
  }
}
