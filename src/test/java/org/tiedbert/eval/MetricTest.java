package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tiedbert.eval.Metric.Value;

class MetricTest {
  private static final double[] TARGETS = {1, 1, 1, 0, 0};
  private static final double[] PREDICTIONS = {1, 1, 0, 1, 0};

  static List<Metric> metrics() {
    return List.of(
        new Metric.Accuracy(),
        new Metric.F1(),
        new Metric.Matthews(),
        new Metric.Pearson(),
        new Metric.Spearman());
  }

  @Test
  void areWhatTheirDefinitionsSay() {
    // given: TP 2, FN 1, FP 1, TN 1
    assertDefined(new Metric.Accuracy(), PREDICTIONS, TARGETS, 3.0 / 5);
    assertDefined(new Metric.F1(), PREDICTIONS, TARGETS, 4.0 / 6); // 2TP / (2TP + FP + FN)
    // (TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN)) = (2 − 1) / √(3·3·2·2)
    assertDefined(new Metric.Matthews(), PREDICTIONS, TARGETS, 1.0 / 6);
    // deviations −1 0 1 and −1 −1 2: 3 / √(2·6)
    assertDefined(new Metric.Pearson(), values(1, 2, 3), values(0, 0, 3), 3 / Math.sqrt(12));
    // ranks 1 2 3 and 1.5 1.5 3: 1.5 / √(2·1.5)
    assertDefined(new Metric.Spearman(), values(1, 2, 30), values(0, 0, 3), 1.5 / Math.sqrt(3));
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void areOneForWhatIsRight(Metric metric) {
    assertDefined(metric, values(0, 1, 1, 0, 2), values(0, 1, 1, 0, 2), 1);
  }

  @Test
  void oneClassAloneHasTheDefinedValue() {
    double[] zeros = new double[3];
    double[] ones = values(1, 1, 1);
    assertDefined(new Metric.Matthews(), zeros, zeros, 0);
    assertDefined(new Metric.Matthews(), ones, values(0, 1, 1), 0);
    assertDefined(new Metric.F1(), zeros, zeros, 0);
    assertDefined(new Metric.F1(), zeros, ones, 0);
    assertDefined(new Metric.F1(), ones, zeros, 0);
    assertDefined(new Metric.Accuracy(), zeros, ones, 0);
    assertDefined(new Metric.Accuracy(), values(0), values(0), 1);
  }

  @Test
  void aCorrelationThatIsNoneSaysWhy() {
    for (Metric metric : List.of(new Metric.Pearson(), new Metric.Spearman())) {
      assertUndefined(metric, values(2, 2), values(0, 1), "all predictions are the same");
      assertUndefined(metric, values(0, 1), values(2, 2), "all targets are the same");
      assertUndefined(metric, values(1), values(2), "a correlation takes two examples, there is 1");
      assertUndefined(
          metric, values(1, Double.NaN), values(1, 2), "a prediction is no finite number");
      assertUndefined(
          metric,
          values(1, Double.POSITIVE_INFINITY),
          values(1, 2),
          "a prediction is no finite number");
      assertUndefined(
          metric, values(Double.NaN, Double.NaN), values(1, 2), "a prediction is no finite number");
    }
    assertUndefined(
        new Metric.Pearson(),
        values(1e-200, 2e-200),
        values(1, 2),
        "the predictions or targets are too near each other");
  }

  @Test
  void neverExceedsOneByRounding() {
    double[] values = new double[50];
    Arrays.setAll(values, i -> i / 3.0 + 0.1);
    double[] scaled = Arrays.stream(values).map(value -> 0.7 * value - 3).toArray();
    Value value = new Metric.Pearson().of(scaled, values);
    assertThat(((Value.Defined) value).value()).isLessThanOrEqualTo(1).isCloseTo(1, within(1e-12));
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void takeAsManyPredictionsAsTargets(Metric metric) {
    assertThatThrownBy(() -> metric.of(values(1, 0), values(1, 0, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("there must be as many predictions as targets")
        .hasMessageEndingWith("got 2 and 3");
  }

  @Test
  void haveTheNamesThatTablesShow() {
    assertThat(metrics())
        .extracting(Metric::name)
        .containsExactly("accuracy", "f1", "matthews", "pearson", "spearman");
  }

  private static void assertDefined(
      Metric metric, double[] predictions, double[] targets, double expected) {
    Value value = metric.of(predictions, targets);
    assertThat(value).isInstanceOf(Value.Defined.class);
    assertThat(((Value.Defined) value).value()).isCloseTo(expected, within(1e-12));
  }

  private static void assertUndefined(
      Metric metric, double[] predictions, double[] targets, String reason) {
    assertThat(metric.of(predictions, targets)).isEqualTo(new Value.Undefined(reason));
  }

  private static double[] values(double... values) {
    return values;
  }
}
