package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DissimilarityTest {
  @Test
  void isTheMeanOfOneMinusCosineWithItsError() {
    // given: 1 − c = 0, 0.5, 1: mean 0.5, deviation √(0.5/2) = 0.5, error 0.5/√3
    Dissimilarity.Layer layer = Dissimilarity.Layer.of(new double[] {1, 0.5, 0});
    // then
    assertEquals(0.5, layer.mean(), 1e-15);
    assertEquals(0.5, layer.standardDeviation(), 1e-15);
    assertEquals(0.5 / Math.sqrt(3), layer.standardError(), 1e-15);
    assertEquals(3, layer.numPairs());
  }

  @Test
  void figureHasEveryModelAndLayer() {
    Dissimilarity.Layer layer = Dissimilarity.Layer.of(new double[] {1, 0.5, 0});
    Figure figure =
        Dissimilarity.figure(
            List.of(
                new Dissimilarity("tied", List.of(layer, layer)),
                new Dissimilarity("plain, w = 0", List.of(layer))));
    assertThat(figure.numbers().csv())
        .isEqualTo(
            """
            model,layer,mean,standard_deviation,standard_error,pairs
            tied,0,0.5,0.5,0.2886751345948129,3
            tied,1,0.5,0.5,0.2886751345948129,3
            "plain, w = 0",0,0.5,0.5,0.2886751345948129,3
            """);
    assertThat(figure.picture().svg())
        .contains(">tied<", ">plain, w = 0<", "layer (0: embeddings)");
  }
}
