package org.tiedbert.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdamWTest {

  @Test
  void followsPyTorch() throws IOException {
    // given: tools/goldens/adamw.py
    List<String> lines;
    try (BufferedReader golden =
        new BufferedReader(
            new InputStreamReader(
                getClass().getResourceAsStream("adamw-pytorch.txt"), StandardCharsets.UTF_8))) {
      lines = golden.lines().filter(line -> !line.startsWith("#")).toList();
    }
    assertThat(lines).hasSize(6);
    try (UpdateGraph graph =
        new UpdateGraph(new AdamW(0.9, 0.999, 1e-3, 0.1, true), true, 0.5f, -1.25f, 0.02f, 3f)) {
      for (String line : lines) {
        double[] numbers =
            Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
        // when
        graph.step(numbers[0], floats(numbers, 1));
        // then
        assertThat(graph.value).containsExactly(floats(numbers, 5), within(1e-6f));
      }
    }
  }

  private static float[] floats(double[] numbers, int from) {
    float[] four = new float[4];
    for (int i = 0; i < 4; i++) {
      four[i] = (float) numbers[from + i];
    }
    return four;
  }

  @Test
  void withoutBiasCorrectionIsBertsOwn() {
    // given: 1 − β₁ = 0.10000002 and 1 − β₂ = 0.00099998713, as 0.9 and 0.999 are in float32;
    // m = 0.5·0.10000002 = 0.05000001, v = 0.25·0.00099998713 = 0.00024999678, √v = 0.01581129;
    // m/(√v + 1e-6) = 3.1620988, + 0.01·2 = 3.1820988, times 0.1 = 0.31820988
    // and for the gradient 0: 0.01·2·0.1 = 0.002
    try (UpdateGraph graph =
        new UpdateGraph(new AdamW(0.9, 0.999, 1e-6, 0.01, false), true, 2f, 2f, -2f, 0f)) {
      // when
      graph.step(0.1, 0.5f, 0f, -0.5f, 0f);
      // then
      assertThat(graph.value)
          .containsExactly(new float[] {1.6817901f, 1.998f, -1.6817901f, 0f}, within(1e-6f));
      assertThat(graph.firstMoment)
          .containsExactly(new float[] {0.05000001f, 0f, -0.05000001f, 0f}, within(1e-8f));
      assertThat(graph.secondMoment)
          .containsExactly(new float[] {0.00024999678f, 0f, 0.00024999678f, 0f}, within(1e-10f));
    }
  }

  @Test
  void followsTheDefinitionOverManyUpdates() {
    for (boolean biasCorrection : new boolean[] {false, true}) {
      for (boolean decays : new boolean[] {false, true}) {
        // given: every average as the weighted sum over all gradients that it stands for
        Random random = new Random(17);
        DefinitionOfAdam definition = new DefinitionOfAdam(0.8, 0.95, 1e-4, biasCorrection);
        double[] expected = {0.5, -1.25, 0.02, 3};
        AdamW adamW = new AdamW(0.8, 0.95, 1e-4, 0.05, biasCorrection);
        try (UpdateGraph graph = new UpdateGraph(adamW, decays, 0.5f, -1.25f, 0.02f, 3f)) {
          for (int t = 1; t <= 40; t++) {
            float[] gradient = DefinitionOfAdam.gradient(random);
            double rate = 0.02 / t;
            // when
            graph.step(rate, gradient);
            // then
            definition.add(gradient);
            for (int i = 0; i < 4; i++) {
              expected[i] -= rate * (definition.direction(i) + (decays ? 0.05 : 0) * expected[i]);
              assertThat(graph.value[i]).isCloseTo((float) expected[i], within(3e-6f));
            }
          }
        }
      }
    }
  }

  @Test
  void refusesSettingsThatCannotWork() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamW(1, 0.999, 1e-6, 0.01, false))
        .withMessage("beta1 must lie in [0, 1), got 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamW(0.9, -0.1, 1e-6, 0.01, false))
        .withMessage("beta2 must lie in [0, 1), got -0.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamW(0.9, 0.999, 0, 0.01, false))
        .withMessage("epsilon must be above 0, got 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AdamW(0.9, 0.999, 1e-6, -1, false))
        .withMessage("weightDecay must be at least 0, got -1.0");
  }
}
