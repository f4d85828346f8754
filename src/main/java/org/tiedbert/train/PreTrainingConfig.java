package org.tiedbert.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.tiedbert.cluster.ClusterConfig;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.loss.LossConfig;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.noise.ViewsConfig;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Optimizer;
import org.tiedbert.stage.LearningRateSchedule;
import org.tiedbert.stage.StageMethod;

/**
 * Everything that decides on a pre-training run; the same value gives the same run.
 *
 * @param seed of initial values, order, noise and dropout
 * @param data what is read, and how much of it at a time
 * @param model the encoder at its full depth
 * @param init the model that parameters start from: a run, a checkpoint or an imported model; its
 *     shape is that of the first stage
 * @param noise one or two views of every sequence
 * @param loss terms and their weights
 * @param optimizer the update of each parameter
 * @param clip bound on the gradients' norm
 * @param learningRate over the run or each stage
 * @param stages how the encoder comes to its depth, and for how many steps
 * @param engine precision, compiler and device
 * @param checkpoint how often, and how many are kept
 * @param evaluation how often and on how much held-out text
 * @param divergence what is done about a loss that is not finite or jumps
 * @param cluster the workers that train together
 * @param maxDuration a budget of wall-clock time that the stages' steps are shortened to
 */
public record PreTrainingConfig(
    long seed,
    DataConfig data,
    EncoderConfig model,
    Optional<Path> init,
    ViewsConfig noise,
    LossConfig loss,
    Optimizer optimizer,
    GlobalNormClip clip,
    LearningRateSchedule learningRate,
    StageMethod stages,
    EngineConfig engine,
    CheckpointConfig checkpoint,
    EvaluationConfig evaluation,
    DivergenceConfig divergence,
    ClusterConfig cluster,
    Optional<Duration> maxDuration) {

  public PreTrainingConfig {
    stages.build(model.numHiddenLayers(), learningRate); // refuses what does not fit together
    if (maxDuration.isPresent() && maxDuration.get().toSeconds() < 1) {
      throw new IllegalArgumentException(
          "maxDuration must be at least a second (PT1S), got " + maxDuration.get());
    }
  }

  /** The same run by other workers. */
  public PreTrainingConfig withCluster(ClusterConfig other) {
    return new PreTrainingConfig(
        seed,
        data,
        model,
        init,
        noise,
        loss,
        optimizer,
        clip,
        learningRate,
        stages,
        engine,
        checkpoint,
        evaluation,
        divergence,
        other,
        maxDuration);
  }

  /**
   * Training text.
   *
   * @param shards directory written by {@code prepare}
   * @param batchSize sequences per step
   * @param microBatchSize sequences that go through the graph at once; divides batchSize, whose
   *     gradients are added up
   */
  public record DataConfig(Path shards, int batchSize, int microBatchSize) {
    public DataConfig {
      if (microBatchSize < 1 || batchSize < 1 || batchSize % microBatchSize != 0) {
        throw new IllegalArgumentException(
            "batchSize must be a multiple of microBatchSize, both at least 1, got %d and %d"
                .formatted(batchSize, microBatchSize));
      }
    }
  }

  /**
   * Checkpoints, which are also taken at the end of every stage and when a run is told to stop.
   *
   * @param everySteps steps between two of them
   * @param keepLast how many are kept beside those of stage ends
   */
  public record CheckpointConfig(long everySteps, int keepLast) {
    public CheckpointConfig {
      requirePositive("everySteps", everySteps);
      requirePositive("keepLast", keepLast);
    }
  }

  /**
   * Evaluation on held-out text, always at the end of a stage too.
   *
   * @param everySteps steps between two of them
   * @param maxSequences at most so many held-out sequences are read, the first ones
   */
  public record EvaluationConfig(long everySteps, long maxSequences) {
    public EvaluationConfig {
      requirePositive("everySteps", everySteps);
      requirePositive("maxSequences", maxSequences);
    }
  }

  /**
   * What is done about an update whose loss or gradients are not finite, or whose loss jumps: it is
   * not done, the run goes back to a checkpoint, and on from there without the last batches.
   *
   * @param maxRecoveries how often, over the whole run; then it ends. 0 for never
   * @param maxLossRatio a loss of more than so many times the mean of its stage's losses before, of
   *     about the last hundred, is a jump; from the 21st on
   * @param skipBatches batches that are left out, the last one being that of the divergence
   */
  public record DivergenceConfig(int maxRecoveries, double maxLossRatio, int skipBatches) {
    public DivergenceConfig {
      if (maxRecoveries < 0) {
        throw new IllegalArgumentException(
            "maxRecoveries must be a number of times or 0 for none, got " + maxRecoveries);
      }
      if (!(maxLossRatio > 1)) {
        throw new IllegalArgumentException("maxLossRatio must be above 1, got " + maxLossRatio);
      }
      requirePositive("skipBatches", skipBatches);
    }
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }
}
