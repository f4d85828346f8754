package org.tiedbert.train;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Environment;
import org.tiedbert.model.EncoderConfig;

/**
 * How fast a configuration trains here: the outcome of a {@link TrainingBench}.
 *
 * @param environment programs and machine
 * @param model the encoder at its full depth
 * @param peakFlopsPerSecond of a large matrix product, measured before and after the steps
 * @param peakMemoryBytes of the process, all of it; empty where the system does not tell
 * @param stages one for each of the plan
 * @param flopsSpeedUp how many times fewer operations the plan takes than training everything at
 *     full depth for as many steps
 * @param speedUp how many times less time, by the medians; empty where no stage trains everything
 */
public record TrainingSpeed(
    Environment environment,
    EncoderConfig model,
    EngineConfig engine,
    int batchSize,
    int microBatchSize,
    int maxSeqLength,
    int maxPredictionsPerSeq,
    int numViews,
    double peakFlopsPerSecond,
    OptionalLong peakMemoryBytes,
    List<StageSpeed> stages,
    double flopsSpeedUp,
    OptionalDouble speedUp) {
  public TrainingSpeed {
    stages = List.copyOf(stages);
  }
}
