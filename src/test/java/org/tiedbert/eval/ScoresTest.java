package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {
  private static final Scores NONE =
      Scores.of(
          "dev",
          List.of(new Metric.Accuracy(), new Metric.Pearson(), new Metric.Spearman()),
          new double[] {1, 1},
          new double[] {1, 0});

  @Test
  void aScoreIsTheMeanOfTheMetricsInTheirOrder() {
    Scores scores =
        Scores.of(
            "dev",
            GlueTasks.named("MRPC").metrics(),
            new double[] {1, 1, 0, 1, 0},
            new double[] {1, 1, 1, 0, 0});
    assertThat(scores.values().keySet()).containsExactly("f1", "accuracy");
    assertThat(scores.score().getAsDouble()).isCloseTo((4.0 / 6 + 3.0 / 5) / 2, within(1e-12));
    assertThat(scores.whyNoScore()).isEmpty();
  }

  @Test
  void anUndefinedMetricLeavesNoScoreAndSaysWhy() {
    assertThat(NONE.score()).isEmpty();
    assertThat(NONE.whyNoScore())
        .contains("pearson: all predictions are the same; spearman: all predictions are the same");
    assertThat(NONE.values().get("accuracy")).isEqualTo(new Metric.Value.Defined(0.5));
  }

  @Test
  void theMeanOverSetsNeedsAllOfThem() {
    Scores half = accuracy("dev_matched", 1, 0);
    Scores whole = accuracy("dev_mismatched", 1, 1);
    assertThat(Scores.mean(List.of(half, whole)).getAsDouble()).isEqualTo(0.75);
    assertThat(Scores.mean(List.of(half, NONE))).isEmpty();
    assertThat(Scores.mean(List.of())).isEmpty();
  }

  private static Scores accuracy(String name, double... predictions) {
    return Scores.of(name, List.of(new Metric.Accuracy()), predictions, new double[] {1, 1});
  }
}
