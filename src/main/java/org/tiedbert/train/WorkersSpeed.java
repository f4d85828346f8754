package org.tiedbert.train;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Environment;
import org.tiedbert.engine.Precision;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.stage.StagePlan;

/**
 * How much several workers gain.
 *
 * @param environment programs and machine
 * @param model the encoder at its full depth
 * @param engine of each worker
 * @param gradients precision in which they are sent
 * @param batchSize of each worker
 * @param stages one for each of the plan
 * @param efficiency of the whole schedule, by the medians: what one worker takes alone, of what all
 *     take together for as many steps, so for as many times more sequences
 * @param sentShare what the schedule sends of gradients, of what training everything throughout
 *     would send; empty where no stage trains everything
 */
public record WorkersSpeed(
    Environment environment,
    EncoderConfig model,
    EngineConfig engine,
    Precision gradients,
    int numWorkers,
    int batchSize,
    int microBatchSize,
    int maxSeqLength,
    int numViews,
    List<StageScaling> stages,
    double efficiency,
    OptionalDouble sentShare) {
  public WorkersSpeed {
    stages = List.copyOf(stages);
  }

  /**
   * From what was measured of every stage.
   *
   * @param bench of one worker alone
   */
  public static WorkersSpeed of(TrainingBench bench, int numWorkers, List<StageScaling> stages) {
    PreTrainingConfig config = bench.config();
    StagePlan plan = bench.plan();
    double sentBytes = perSchedule(stages, StageScaling::sentBytes);
    return new WorkersSpeed(
        Environment.of(config.engine()),
        config.model(),
        config.engine(),
        config.cluster().gradients(),
        numWorkers,
        config.data().batchSize(),
        config.data().microBatchSize(),
        bench.maxSeqLength(),
        config.noise().views().size(),
        stages,
        perSchedule(stages, stage -> stage.alone().median())
            / perSchedule(stages, stage -> stage.together().median()),
        plan.trainingEverything().stream()
            .mapToDouble(
                stage -> (double) plan.totalSteps() * stages.get(stage.index()).sentBytes())
            .map(ofEverything -> sentBytes / ofEverything)
            .findFirst());
  }

  private static double perSchedule(List<StageScaling> stages, ToDoubleFunction<StageScaling> of) {
    return stages.stream().mapToDouble(stage -> stage.numSteps() * of.applyAsDouble(stage)).sum();
  }
}
