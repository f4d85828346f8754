package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.Optional;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Optimizer;

/**
 * Everything that decides on a fine-tuning run; the same value gives the same run.
 *
 * @param seed of new parameters, order and dropout
 * @param init the model to start from: a run, a checkpoint or an imported model
 * @param weights whether its weights are taken, or its shape and vocabulary alone
 * @param task what is learnt, and from which files
 * @param maxSeqLength tokens of an input, special ones included; longer ones are cut
 * @param batchSize examples per step
 * @param epochs passes over the training set
 * @param learningRate warm-up, then linear decay to 0 at the end of the last epoch
 * @param optimizer the update of each parameter
 * @param clip bound on the gradients' norm
 * @param evaluation when the development sets are scored
 * @param checkpoint how often a run that is killed can be continued from
 * @param engine precision, compiler and device
 */
public record FineTuningConfig(
    long seed,
    Path init,
    Weights weights,
    TaskConfig task,
    int maxSeqLength,
    int batchSize,
    int epochs,
    Rate learningRate,
    Optimizer optimizer,
    GlobalNormClip clip,
    Evaluation evaluation,
    Checkpoints checkpoint,
    EngineConfig engine) {

  /** What is taken of the model to start from. */
  public enum Weights {
    PRE_TRAINED,
    /** None: the baseline that tells what pre-training is worth. */
    UNTRAINED
  }

  /**
   * η rises to its peak over the first steps, then falls to 0.
   *
   * @param peak above 0
   * @param warmupFraction of all steps, in [0, 1)
   */
  public record Rate(double peak, double warmupFraction) {
    public Rate {
      if (!(peak > 0) || Double.isInfinite(peak)) {
        throw new IllegalArgumentException("peak must be above 0, got " + peak);
      }
      if (!(warmupFraction >= 0 && warmupFraction < 1)) {
        throw new IllegalArgumentException(
            "warmupFraction must be at least 0 and below 1, got " + warmupFraction);
      }
    }
  }

  /**
   * Scoring, always at the end of an epoch too.
   *
   * @param perEpoch times an epoch, evenly
   * @param patience how many scores in a row that are no better end the run; empty for all epochs
   */
  public record Evaluation(int perEpoch, Optional<Integer> patience) {
    public Evaluation {
      requirePositive("perEpoch", perEpoch);
      patience.ifPresent(count -> requirePositive("patience", count));
    }
  }

  /**
   * Checkpoints, which are also taken at every score and when a run is told to stop.
   *
   * @param everySteps steps between two of them
   */
  public record Checkpoints(long everySteps) {
    public Checkpoints {
      requirePositive("everySteps", everySteps);
    }
  }

  public FineTuningConfig {
    if (maxSeqLength < 8) {
      throw new IllegalArgumentException("maxSeqLength must be at least 8, got " + maxSeqLength);
    }
    requirePositive("batchSize", batchSize);
    requirePositive("epochs", epochs);
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }
}
