package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;

/** That two ways to the same step agree. */
final class CloseVariables {
  private CloseVariables() {}

  /** Losses and accuracies within a number, the norm within that part of it. */
  static void requireMetrics(StepMetrics expected, StepMetrics actual, double tolerance) {
    assertEquals(expected.total(), actual.total(), tolerance);
    assertEquals(expected.crossEntropy(), actual.crossEntropy(), tolerance);
    assertEquals(expected.consistency(), actual.consistency(), tolerance / 10);
    assertEquals(expected.nextSentence(), actual.nextSentence(), tolerance / 10);
    assertEquals(expected.nextSentenceAccuracy(), actual.nextSentenceAccuracy(), 1e-6);
    assertEquals(expected.accuracy().size(), actual.accuracy().size());
    for (int view = 0; view < expected.accuracy().size(); view++) {
      assertEquals(expected.accuracy().get(view), actual.accuracy().get(view), 1e-6);
    }
    assertThat(actual.gradientNorm())
        .isCloseTo(expected.gradientNorm(), within(tolerance * expected.gradientNorm()));
  }

  /**
   * Within that part of the root mean square of each variable. Keys' biases shift all scores of a
   * token alike, so their gradient is 0 but for the error of float addition; Adam makes steps of
   * that.
   */
  static void require(
      Map<String, float[]> expected,
      Map<String, float[]> actual,
      double ofRms,
      double learningRate) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, values) -> {
          double squares = 0;
          for (float value : values) {
            squares += value * value;
          }
          double errorOfAdam = name.endsWith("/key/bias") ? 1e-2 * learningRate : 0;
          double tolerance = ofRms * Math.sqrt(squares / values.length) + errorOfAdam + 1e-7;
          for (int i = 0; i < values.length; i++) {
            assertThat(actual.get(name)[i])
                .as("%s at %d", name, i)
                .isCloseTo(values[i], within((float) tolerance));
          }
        });
  }

  /** What all variables together have moved by, as a vector, within that part of its length. */
  static void requireMoves(
      Map<String, float[]> start,
      Map<String, float[]> expected,
      Map<String, float[]> actual,
      double ofLength) {
    double squares = 0;
    double errors = 0;
    for (String name : start.keySet()) {
      float[] from = start.get(name);
      for (int i = 0; i < from.length; i++) {
        squares += Math.pow(expected.get(name)[i] - from[i], 2);
        errors += Math.pow(actual.get(name)[i] - expected.get(name)[i], 2);
      }
    }
    assertThat(Math.sqrt(errors / squares)).isLessThan(ofLength);
  }
}
