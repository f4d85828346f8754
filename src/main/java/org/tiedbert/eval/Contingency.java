package org.tiedbert.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How often each class was predicted for each true one. */
final class Contingency {
  private final long[][] counts; // [target][prediction]

  private Contingency(long[][] counts) {
    this.counts = counts;
  }

  static Contingency of(double[] predictions, double[] targets) {
    if (predictions.length != targets.length || targets.length == 0) {
      throw new IllegalArgumentException(
          "there must be as many predictions as targets and at least one, got %d and %d"
              .formatted(predictions.length, targets.length));
    }
    int numClasses = 1 + (int) Math.max(max(predictions), max(targets));
    long[][] counts = new long[numClasses][numClasses];
    for (int i = 0; i < targets.length; i++) {
      counts[(int) targets[i]][(int) predictions[i]]++;
    }
    return new Contingency(counts);
  }

  int numClasses() {
    return counts.length;
  }

  /** 0 for a class that never occurs. */
  long count(int target, int prediction) {
    return Math.max(target, prediction) < counts.length ? counts[target][prediction] : 0;
  }

  long numRight() {
    return IntStream.range(0, counts.length).mapToLong(k -> counts[k][k]).sum();
  }

  long numTargets(int target) {
    return target < counts.length ? Arrays.stream(counts[target]).sum() : 0;
  }

  long numPredicted(int prediction) {
    return IntStream.range(0, counts.length).mapToLong(t -> count(t, prediction)).sum();
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }
}
