package org.tiedbert.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.tiedbert.cluster.Workers;
import org.tiedbert.engine.Environment;
import org.tiedbert.engine.MatrixPeak;
import org.tiedbert.engine.PeakMemory;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;

/**
 * Measures the steps of a configuration's stages on made-up sequences without padding. Steps are
 * taken as a run takes them, from shards on the disk to the update of the parameters.
 *
 * @param config {@code data.shards} is not looked at
 * @param maxSeqLength of the made-up sequences
 * @param numSteps of each stage that count, after a few that warm up
 */
public record TrainingBench(PreTrainingConfig config, int maxSeqLength, int numSteps) {
  /** More batches than are read ahead, so that reading goes on while steps are taken. */
  private static final int NUM_BATCHES = 8;

  public TrainingBench {
    if (maxSeqLength < 3) {
      throw new IllegalArgumentException(
          "maxSeqLength must be at least 3, [CLS] a word [SEP], got " + maxSeqLength);
    }
    if (numSteps < 1) {
      throw new IllegalArgumentException("numSteps must be at least 1, got " + numSteps);
    }
  }

  /** How many steps are measured in all. */
  public long totalSteps() {
    return (long) numSteps * plan().stages().size();
  }

  /**
   * Measures every stage.
   *
   * @param progress told after every step how many of {@link #totalSteps} are done
   * @throws MisfitException if the configuration does not fit sequences of that length
   */
  public TrainingSpeed run(LongConsumer progress) {
    double peakBefore = MatrixPeak.flopsPerSecond(config.engine());
    try (MadeUpShards shards = shards()) {
      List<Measured> stages = new ArrayList<>();
      PlanTable table =
          PlanTable.of(
              config,
              shards.vocabulary(),
              shards.reader(),
              (stage, session) -> {
                try (BenchedStage benched =
                    new BenchedStage(config, stage, session, shards.reader())) {
                  Measured measured =
                      measure(
                          benched, done -> progress.accept((long) stage.index() * numSteps + done));
                  stages.add(measured);
                  return measured.seconds().median();
                }
              });
      return speed(table, stages, Math.max(peakBefore, MatrixPeak.flopsPerSecond(config.engine())));
    }
  }

  /**
   * A stage of the configuration.
   *
   * @param numTrainable values that train
   */
  public record SizedStage(Stage stage, long numTrainable) {}

  /**
   * The stages, without a step of theirs.
   *
   * @throws MisfitException if the configuration does not fit sequences of that length
   */
  public List<SizedStage> stages() {
    List<SizedStage> stages = new ArrayList<>();
    try (MadeUpShards shards = shards()) {
      StageGraphs graphs = StageGraphs.ofOneWorker(config, shards.vocabulary(), maxSeqLength);
      for (Stage stage : plan().stages()) {
        try (TrainGraph graph = graphs.build(plan(), stage)) {
          stages.add(new SizedStage(stage, graph.numTrainable()));
        }
      }
    }
    return stages;
  }

  /**
   * Opens a stage and warms it up, for steps as the caller says; closed by the caller.
   *
   * @param index of the stage
   * @param workers who take the steps together and have met; closed by the caller after it
   */
  public SteppedStage open(int index, Workers workers) {
    MadeUpShards shards = shards();
    SteppedStage stage;
    try {
      StagePlan plan = plan();
      Stage opened = plan.stages().get(index);
      StageGraphs graphs = new StageGraphs(config, shards.vocabulary(), maxSeqLength, workers);
      stage = new SteppedStage(shards, graphs.openFresh(plan, opened), workers, config, opened);
    } catch (RuntimeException e) {
      shards.close();
      throw e;
    }
    try {
      stage.warmUp();
      return stage;
    } catch (RuntimeException e) {
      stage.close();
      throw e;
    }
  }

  private MadeUpShards shards() {
    MadeUpShards shards =
        new MadeUpShards(
            config.model().vocabSize(),
            maxSeqLength,
            config.loss().nextSentence(),
            NUM_BATCHES * config.data().batchSize());
    try {
      Fit.require(config, shards.vocabulary(), shards.reader().manifest());
      return shards;
    } catch (RuntimeException e) {
      shards.close();
      throw e;
    }
  }

  /** The stages as they are planned. */
  public StagePlan plan() {
    return config.stages().build(config.model().numHiddenLayers(), config.learningRate());
  }

  /** What clocks said of a stage. */
  private record Measured(double firstStep, StepTimes seconds, StageSpeed.Parts parts) {}

  private Measured measure(BenchedStage stage, LongConsumer progress) {
    double firstStep = stage.warmUp();
    double[] waiting = new double[numSteps];
    double[] total = new double[numSteps];
    for (int i = 0; i < numSteps; i++) {
      BenchedStage.Clocks clocks = stage.step();
      waiting[i] = clocks.waiting();
      total[i] = clocks.total();
      progress.accept(i + 1);
    }
    StepTimes seconds = StepTimes.of(total);
    StageSpeed.Parts parts =
        StageSpeed.Parts.of(
            seconds.median(),
            StepTimes.of(waiting).median() + stage.feedingSeconds(),
            stage.noiseSeconds(),
            stage.updateSeconds());
    return new Measured(firstStep, seconds, parts);
  }

  private TrainingSpeed speed(PlanTable table, List<Measured> measured, double peak) {
    List<StageSpeed> stages = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      stages.add(stageSpeed(table.rows().get(i), measured.get(i), peak));
    }
    return new TrainingSpeed(
        Environment.of(config.engine()),
        config.model(),
        config.engine(),
        config.data().batchSize(),
        config.data().microBatchSize(),
        maxSeqLength,
        config.noise().maxPredictionsPerSeq(),
        config.noise().views().size(),
        peak,
        PeakMemory.bytes(),
        stages,
        table.speedUp(),
        table.measuredSpeedUp());
  }

  private StageSpeed stageSpeed(PlanTable.Row row, Measured measured, double peak) {
    double median = measured.seconds().median();
    return new StageSpeed(
        row.stage().name(),
        row.stage().numLayers(),
        row.numTrainable(),
        row.flopsPerStep(),
        measured.firstStep(),
        measured.seconds(),
        config.data().batchSize() / median,
        row.flopsPerStep() / median / peak,
        measured.parts());
  }
}
