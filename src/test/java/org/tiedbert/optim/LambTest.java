package org.tiedbert.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LambTest {
  private static final double TINY = 1e-12;

  @Test
  void scalesTheStepToTheParametersNorm() {
    // given: first update, so r = g/|g| = ±1; u = r + 0.5·p = (2.5, 3, −1, 1), ‖p‖ = 5,
    // ‖u‖ = √17.25 = 4.153312, ratio 1.203859, times the rate 0.1: 0.1203859
    try (UpdateGraph graph =
        new UpdateGraph(new Lamb(0.9, 0.999, TINY, 0.5, true), true, 3f, 4f, 0f, 0f)) {
      // when
      graph.step(0.1, 1f, 7f, -0.2f, 0.003f);
      // then
      assertThat(graph.value)
          .containsExactly(
              new float[] {2.6990353f, 3.6388423f, 0.1203859f, -0.1203859f}, within(1e-6f));
    }
  }

  @Test
  void takesAdamsStepWhereThereIsNoDecay() {
    // given: r = ±1
    try (UpdateGraph graph =
        new UpdateGraph(new Lamb(0.9, 0.999, TINY, 0.5, true), false, 3f, 4f, 0f, 0f)) {
      // when
      graph.step(0.1, 1f, 7f, -0.2f, 0.003f);
      // then
      assertThat(graph.value).containsExactly(new float[] {2.9f, 3.9f, 0.1f, -0.1f}, within(1e-6f));
    }
  }

  @Test
  void takesTheRatioAsOneWhereANormIsZero() {
    Lamb lamb = new Lamb(0.9, 0.999, TINY, 0, true);
    try (UpdateGraph zeroParameter = new UpdateGraph(lamb, true, 0f, 0f, 0f, 0f);
        UpdateGraph zeroUpdate = new UpdateGraph(lamb, true, 1f, 2f, 3f, 4f)) {
      // when
      zeroParameter.step(0.1, 1f, -1f, 1f, -1f);
      zeroUpdate.step(0.1, 0f, 0f, 0f, 0f);
      // then
      assertThat(zeroParameter.value)
          .containsExactly(new float[] {-0.1f, 0.1f, -0.1f, 0.1f}, within(1e-6f));
      assertThat(zeroUpdate.value).containsExactly(1f, 2f, 3f, 4f);
    }
  }

  @Test
  void followsAlgorithm2OverManyUpdates() {
    for (boolean biasCorrection : new boolean[] {false, true}) {
      // given
      Random random = new Random(29);
      DefinitionOfAdam definition = new DefinitionOfAdam(0.8, 0.95, 1e-4, biasCorrection);
      double[] expected = {0.5, -1.25, 0.02, 3};
      Lamb lamb = new Lamb(0.8, 0.95, 1e-4, 0.05, biasCorrection);
      try (UpdateGraph graph = new UpdateGraph(lamb, true, 0.5f, -1.25f, 0.02f, 3f)) {
        for (int t = 1; t <= 40; t++) {
          float[] gradient = DefinitionOfAdam.gradient(random);
          double rate = 0.02 / t;
          // when
          graph.step(rate, gradient);
          // then
          definition.add(gradient);
          algorithm2(expected, definition, rate);
          for (int i = 0; i < 4; i++) {
            assertThat(graph.value[i]).isCloseTo((float) expected[i], within(3e-6f));
          }
        }
      }
    }
  }

  private static void algorithm2(double[] x, DefinitionOfAdam definition, double rate) {
    double[] u = new double[4];
    double xSquares = 0;
    double uSquares = 0;
    for (int i = 0; i < 4; i++) {
      u[i] = definition.direction(i) + 0.05 * x[i];
      xSquares += x[i] * x[i];
      uSquares += u[i] * u[i];
    }
    for (int i = 0; i < 4; i++) {
      x[i] -= rate * Math.sqrt(xSquares) / Math.sqrt(uSquares) * u[i];
    }
  }

  @Test
  void refusesSettingsThatCannotWork() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Lamb(0.9, 1, 1e-6, 0.01, true))
        .withMessage("beta2 must lie in [0, 1), got 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Lamb(0.9, 0.999, 1e-6, Double.NaN, true))
        .withMessage("weightDecay must be at least 0, got NaN");
  }
}
