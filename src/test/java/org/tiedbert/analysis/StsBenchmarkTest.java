package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class StsBenchmarkTest {
  private static final double[] LABELS = {5, 2.5, 4.6, 0.5};
  private static final double[] COSINES = {1, 0.6, -0.08, 0};

  @Test
  void errorIsTheRootOfTheMeanSquareOverPairsAboveALabel() {
    // given: cosine − label/5 = 0, 0.1, −1, −0.1
    StsBenchmark.Layer layer = StsBenchmark.Layer.of(COSINES, LABELS);
    // then
    assertEquals(6, layer.errors().size());
    assertError(Math.sqrt(1.02 / 4), 4, layer.errors().get(0)); // all
    assertError(Math.sqrt(1.01 / 3), 3, layer.errors().get(1)); // above 0.5, without 0.5 itself
    assertError(Math.sqrt(1.01 / 3), 3, layer.errors().get(2)); // above 1.5
    assertError(Math.sqrt(1.0 / 2), 2, layer.errors().get(3)); // above 2.5, without 2.5
    assertError(Math.sqrt(1.0 / 2), 2, layer.errors().get(5)); // above 4.5
    // ranks 4, 3, 1, 2 of cosines and 4, 2, 3, 1 of labels: 1 − 6·(0 + 1 + 4 + 1)/(4·15)
    assertEquals(0.4, layer.spearman().orElseThrow(), 1e-12);
  }

  private static void assertError(double value, int numPairs, StsBenchmark.Error error) {
    assertEquals(value, error.value().orElseThrow(), 1e-12);
    assertEquals(numPairs, error.numPairs());
  }

  @Test
  void whatIsUndefinedIsAnEmptyCell() {
    StsBenchmark.Layer layer =
        StsBenchmark.Layer.of(new double[] {0.25, 0.25}, new double[] {0, 0.4});
    List<StsBenchmark> models = List.of(new StsBenchmark("m", List.of(layer)));
    Figure correlations = StsFigures.correlations(models);
    assertThat(correlations.numbers().csv())
        .isEqualTo("model,layer,spearman,pearson,pairs\nm,0,,,2\n");
    assertThat(StsFigures.errors(models).numbers().csv())
        .startsWith("model,layer,label_above,error,pairs\nm,0,,0.21")
        .contains("\nm,0,0.5,,0\n");
    assertThat(correlations.picture().svg()).doesNotContain("NaN");
    assertThat(StsFigures.errors(models).picture().svg())
        .doesNotContain("NaN")
        .contains("label &gt; 4.5");
  }
}
