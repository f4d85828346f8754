package org.tiedbert.train;

import com.google.common.primitives.Doubles;
import java.util.OptionalLong;

/**
 * How one stage trains on several workers, each with as many sequences of a step as one worker has
 * that trains alone.
 *
 * @param name of the stage
 * @param numLayers that exist in it
 * @param numSteps of it in a run
 * @param numTrainable values that train
 * @param alone seconds of a step of one worker
 * @param together seconds of a step of all workers
 * @param efficiency what one worker takes alone, of what all take together
 * @param sentBytes that each worker sends for the gradients of a step, by the ring's formula
 * @param measuredBytes that each worker sent in a step; empty where the system does not tell
 * @param allReduce seconds of a step's sums by themselves, while nothing else is computed
 */
public record StageScaling(
    String name,
    int numLayers,
    long numSteps,
    long numTrainable,
    StepTimes alone,
    StepTimes together,
    Efficiency efficiency,
    long sentBytes,
    OptionalLong measuredBytes,
    StepTimes allReduce) {

  /** Of turns, one worker's step and all workers' after another: 1 is ideal. */
  public record Efficiency(double min, double median, double max) {

    /** From that of each turn. */
    public static Efficiency of(double[] ofTurns) {
      return new Efficiency(
          Doubles.min(ofTurns), StepTimes.of(ofTurns).median(), Doubles.max(ofTurns));
    }
  }
}
