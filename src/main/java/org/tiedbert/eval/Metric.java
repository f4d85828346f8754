package org.tiedbert.eval;

/** A number that says how good predictions are; higher is better. */
public interface Metric {
  /** As tables head it, such as {@code accuracy} or {@code f1}. */
  String name();

  /**
   * @param predictions the index of the predicted class or choice, or the predicted score
   * @param targets the true ones, as many
   */
  Value of(double[] predictions, double[] targets);

  /** What a metric comes to: a number, or the reason why there is none. */
  sealed interface Value {
    record Defined(double value) implements Value {}

    record Undefined(String reason) implements Value {}
  }
}
