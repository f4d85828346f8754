package org.tiedbert.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one step reports. Losses are in nats; accuracies are shares of right predictions.
 *
 * @param total the loss that is minimised
 * @param crossEntropy mean over the views of the masked-LM cross entropy
 * @param consistency MSE between the views' features, before the tied weight; 0 with one view
 * @param nextSentence next-sentence cross entropy, 0 where it is off
 * @param nextSentenceAccuracy 0 where next-sentence prediction is off
 * @param accuracy of each view
 * @param gradientNorm global L2 norm of the gradients before clipping
 */
public record StepMetrics(
    double total,
    double crossEntropy,
    double consistency,
    double nextSentence,
    double nextSentenceAccuracy,
    List<Double> accuracy,
    double gradientNorm) {

  /** Losses and accuracies before those of the views. */
  static final int NUM_SCALARS = 5;

  /**
   * From the sums of a step's micro-batches and workers, in the order of the graph's metrics
   * vector.
   */
  static StepMetrics of(double[] metrics, double gradientNorm) {
    return new StepMetrics(
        metrics[0],
        metrics[1],
        metrics[2],
        metrics[3],
        metrics[4],
        IntStream.range(NUM_SCALARS, metrics.length).mapToObj(i -> metrics[i]).toList(),
        gradientNorm);
  }

  /** Mean of the views' accuracies. */
  public double meanAccuracy() {
    return accuracy.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  boolean isFinite() {
    double[] values = {
      total, crossEntropy, consistency, nextSentence, nextSentenceAccuracy, gradientNorm
    };
    return Arrays.stream(values).allMatch(Double::isFinite);
  }

  /** Whether an update may be made of the gradients that were measured. */
  boolean isWithin(double lossLimit) {
    return isFinite() && total <= lossLimit;
  }
}
