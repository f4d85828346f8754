package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.exceptions.TensorFlowException;
import org.tiedbert.batch.Batch;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;

class StageSessionTest {
  private static final LossConfig LOSS = new LossConfig(1, FeatureLevel.WORD, true);
  private static final String KERNEL = "cls/predictions/transform/dense/kernel";
  private static final String BIAS = "cls/predictions/output_bias";
  private static final Batch BATCH = ReferenceBertSetup.batch(20, 7, 15, 3);

  private static StageSession session;

  @BeforeAll
  static void open() {
    session =
        ReferenceBertSetup.open(
            ReferenceBertSetup.forward(0.1, 0.1, 2, LOSS, 4),
            ReferenceBertSetup.FLOAT32,
            name -> name.startsWith("cls/predictions/"));
  }

  @AfterAll
  static void close() {
    session.close();
  }

  @Test
  void readsWhatWasAssigned() {
    // given
    float[] values = new float[41];
    values[40] = 0.5f;
    // when
    session.values().assign(Map.of(BIAS, values));
    // then
    assertThat(read(BIAS)).containsExactly(values);
    assertThat(session.values().read(List.of(KERNEL, BIAS)).get(BIAS)).containsExactly(values);
  }

  @Test
  void initialValuesDependOnSeedAndNameOnly() {
    // when
    session.values().initialize(List.of(KERNEL, BIAS, "bert/pooler/dense/kernel"));
    float[] kernel = read(KERNEL);
    float[] pooler = read("bert/pooler/dense/kernel");
    session.values().initialize(List.of(KERNEL));
    // then: 256 values of deviation 0.02·0.88, that of a normal cut at two deviations
    assertThat(read(KERNEL)).containsExactly(kernel);
    assertThat(pooler).isNotEqualTo(kernel);
    assertThat(deviation(kernel)).isCloseTo(0.0176, within(0.003));
    assertThat(read(BIAS)).containsOnly(0);
  }

  @Test
  void refusesTheWrongNumberOfValues() {
    assertThatThrownBy(() -> session.values().assign(Map.of(BIAS, new float[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cls/predictions/output_bias has shape [41], got 3 values");
  }

  @Test
  void theFirstUpdateIsAStepOfTheLearningRateAgainstTheGradient() {
    // given: after one gradient m̂ = g and v̂ = g², so p − η·(g/(|g| + ε) + λ·p)
    session.values().initialize(List.of(KERNEL, KERNEL + "/adam_m", KERNEL + "/adam_v"));
    float[] before = read(KERNEL);
    StepMetrics metrics = session.computeGradients(BATCH, 0);
    float[] gradient = session.gradients().get(KERNEL);
    double clipped = 1 / metrics.gradientNorm();
    assertThat(clipped).isLessThan(1);
    // when
    session.update(0, 0.25, metrics.gradientNorm());
    // then
    float[] after = read(KERNEL);
    for (int i = 0; i < before.length; i++) {
      double g = gradient[i] * clipped;
      double expected = before[i] - 0.25 * (g / (Math.abs(g) + 1e-6) + 0.01 * before[i]);
      assertEquals(expected, after[i], 1e-5);
      assertEquals(0.1 * g, read(KERNEL + "/adam_m")[i], 1e-7);
    }
  }

  @Test
  void theNormIsThatOfAllGradientsTogether() {
    // when
    StepMetrics metrics = session.computeGradients(BATCH, 4);
    // then
    double squares = 0;
    for (float[] gradient : session.gradients().values()) {
      for (float value : gradient) {
        squares += (double) value * value;
      }
    }
    assertEquals(Math.sqrt(squares), metrics.gradientNorm(), 1e-5 * metrics.gradientNorm());
    assertThat(metrics.isFinite()).isTrue();
  }

  @Test
  void aStepDependsOnItsNumberAloneAndUpdatesNothing() {
    // given
    Map<String, float[]> before = session.values().read(session.graph().variables().keySet());
    // when
    StepMetrics first = session.computeGradients(BATCH, 2);
    StepMetrics other = session.computeGradients(BATCH, 3);
    StepMetrics again = session.computeGradients(BATCH, 2);
    // then
    assertEquals(first.total(), again.total(), 1e-6);
    assertThat(Math.abs(first.total() - other.total())).isGreaterThan(1e-3);
    session
        .values()
        .read(before.keySet())
        .forEach((name, values) -> assertThat(values).containsExactly(before.get(name)));
  }

  @Test
  void aParameterThatIsNotFiniteShowsInTheMetrics() {
    // given
    float[] bias = read(BIAS);
    float[] broken = bias.clone();
    broken[7] = Float.NaN;
    session.values().assign(Map.of(BIAS, broken));
    // when
    StepMetrics metrics = session.computeGradients(BATCH, 0);
    // then
    assertThat(metrics.isFinite()).isFalse();
    assertThat(metrics.gradientNorm()).isNaN();
    session.values().assign(Map.of(BIAS, bias));
  }

  @Test
  void aStepGivesItsGradientsBack() {
    // given
    session.computeGradients(BATCH, 0);
    assertThat(session.gradients()).containsKey(KERNEL);
    // when
    session.step(BATCH, 0, new StageSession.Update(1e-3, Double.POSITIVE_INFINITY));
    // then
    assertThatThrownBy(() -> session.gradients())
        .isInstanceOf(TensorFlowException.class)
        .hasMessageContaining("/gradient");
    // and the next ones are there as ever
    session.computeGradients(BATCH, 0);
    assertThat(session.gradients()).containsKey(KERNEL);
  }

  private static double deviation(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  private float[] read(String name) {
    return session.values().read(List.of(name)).get(name);
  }
}
