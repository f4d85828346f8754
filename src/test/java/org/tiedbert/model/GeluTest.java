package org.tiedbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GeluTest {
  @Test
  void isTheExactOneAndNotItsApproximationByTanh() {
    try (ModelGraph graph = new ModelGraph()) {
      // given: x·Φ(x) with Φ(1) = 0.8413447, Φ(2) = 0.9772499, Φ(−3) = 0.0013498980;
      // tanh would give 0.841192 and 1.954598 for 1 and 2
      float[] expected = {0, 0.8413447f, -0.1586553f, 1.9544997f, -0.0040497f, 10};
      // when
      float[] actual =
          graph.evaluate(Gelu.of(graph.tf(), graph.tf().array(0f, 1f, -1f, 2f, -3f, 10f)));
      // then
      assertThat(actual).containsExactly(expected, within(1e-6f));
    }
  }
}
