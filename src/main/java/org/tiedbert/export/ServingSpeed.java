package org.tiedbert.export;

import java.util.List;
import java.util.stream.IntStream;
import org.tiedbert.export.Turns.Times;

/**
 * How fast text became vectors, and on what: the outcome of a {@link ServingBench}.
 *
 * @param savedModel the folder
 * @param numThreads that each engine had for one call; calls came one after the other
 * @param numProcessors that the machine has for this process
 * @param numTexts that the batches were made of
 * @param meanTokens of a text, with [CLS] and [SEP]
 * @param largestDifference between the engines' vectors of the first texts, in any element; 0 where
 *     there is only one engine
 * @param measurements by batch size, then engine, TensorFlow the first
 * @param ratios by batch size; none where there is only one engine
 */
public record ServingSpeed(
    String savedModel,
    String javaVersion,
    int numThreads,
    int numProcessors,
    int numTexts,
    double meanTokens,
    double largestDifference,
    List<Measurement> measurements,
    List<Ratio> ratios) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * One engine at one batch size, text in and vectors out, in Java.
   *
   * @param engine and its version
   * @param medianMillis of a call
   * @param p90Millis that nine calls of ten did not exceed
   * @param tokenizingShare time that the same batches take where only their token ids are made, of
   *     the time that they take in all; in [0, 1], but for noise
   */
  public record Measurement(
      int batchSize,
      String engine,
      int numCalls,
      double sentencesPerSecond,
      double medianMillis,
      double p90Millis,
      double tokenizingShare) {
    static Measurement of(int batchSize, String engine, Times times) {
      double[] calls = times.calls().stream().mapToDouble(Long::doubleValue).sorted().toArray();
      return new Measurement(
          batchSize,
          engine,
          calls.length,
          calls.length * batchSize * NANOS_PER_SECOND / times.total(),
          quantile(calls, 0.5) / NANOS_PER_MILLI,
          quantile(calls, 0.9) / NANOS_PER_MILLI,
          (double) times.tokenizing() / times.total());
    }
  }

  /**
   * How many times as many sentences a second TensorFlow makes as ONNX Runtime. Both went through
   * the same batches in turns, and each turn has a ratio of its own.
   *
   * @param median of the turns'
   * @param lowest that one turn of ten did not exceed
   * @param highest that nine turns of ten did not exceed
   */
  public record Ratio(int batchSize, int numTurns, double median, double lowest, double highest) {
    static Ratio of(int batchSize, Times served, Times other) {
      double[] turns =
          IntStream.range(0, served.turns().size())
              .mapToDouble(turn -> (double) other.turns().get(turn) / served.turns().get(turn))
              .sorted()
              .toArray();
      return new Ratio(
          batchSize,
          turns.length,
          quantile(turns, 0.5),
          quantile(turns, 0.1),
          quantile(turns, 0.9));
    }
  }

  /** The smallest of the values that is no less than the given share of them. */
  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }
}
