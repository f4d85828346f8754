package org.tiedbert.eval;

import java.util.Arrays;
import java.util.function.ToDoubleBiFunction;
import org.tiedbert.eval.Metric.Value;

/** A correlation where there is one. */
final class Correlation {
  private Correlation() {}

  static Value of(
      double[] predictions, double[] targets, ToDoubleBiFunction<double[], double[]> correlation) {
    if (predictions.length != targets.length) {
      throw new IllegalArgumentException(
          "there must be as many predictions as targets, got %d and %d"
              .formatted(predictions.length, targets.length));
    }
    if (targets.length < 2) {
      return new Value.Undefined("a correlation takes two examples, there is " + targets.length);
    }
    if (!Arrays.stream(predictions).allMatch(Double::isFinite)) {
      return new Value.Undefined("a prediction is no finite number");
    }
    if (isConstant(predictions)) {
      return new Value.Undefined("all predictions are the same");
    }
    if (isConstant(targets)) {
      return new Value.Undefined("all targets are the same");
    }
    double value = correlation.applyAsDouble(predictions, targets);
    return Double.isFinite(value)
        ? new Value.Defined(Math.max(-1, Math.min(1, value))) // by rounding beyond
        : new Value.Undefined("the predictions or targets are too near each other");
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }
}
