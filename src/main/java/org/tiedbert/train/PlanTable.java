package org.tiedbert.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.tiedbert.batch.Batch;
import org.tiedbert.batch.BatchShare;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.Split;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.text.Vocabulary;

/**
 * What a run will do and cost, stage by stage, from a few measured steps of each and without
 * writing anything.
 *
 * @param speedUp how many times fewer operations the plan takes than training everything at full
 *     depth for as many steps
 */
public record PlanTable(List<Row> rows, double speedUp) {
  /** TensorFlow's own share of a process's memory: libraries, kernels' scratch, the JVM. */
  private static final long RUNTIME_BYTES = 700L << 20;

  /**
   * One stage.
   *
   * @param numTrainable values that train
   * @param numParameters values in all
   * @param numSequences sequences read in the stage
   * @param flopsPerStep model operations of a step, all views
   * @param memoryBytes estimate: state, activations of one micro-batch, runtime
   * @param secondsPerStep measured
   */
  public record Row(
      Stage stage,
      long numTrainable,
      long numParameters,
      long numSequences,
      long flopsPerStep,
      long memoryBytes,
      double secondsPerStep) {
    public double seconds() {
      return secondsPerStep * stage.numSteps();
    }
  }

  /** Builds every stage's graph in turn and times it on the first sequences of the shards. */
  public static PlanTable measure(PreTrainingConfig config) {
    Path directory = config.data().shards();
    Vocabulary vocabulary = ShardReader.vocabulary(directory);
    try (ShardReader shards = ShardReader.open(directory, Split.TRAIN, vocabulary)) {
      Fit.require(config, vocabulary, shards.manifest());
      config
          .init()
          .ifPresent(
              model ->
                  InitialModel.open(model, config, vocabulary, shards.manifest(), damaged -> {}));
      return of(
          config,
          vocabulary,
          shards,
          (stage, session) ->
              StageGraphs.secondsPerStep(
                  session, firstBatch(session.share(), shards), stage.firstStep()));
    }
  }

  /** Takes the time of a stage's steps. */
  interface StepTimer {
    /**
     * @param session of the stage, its variables with any values, which may change
     */
    double secondsPerStep(Stage stage, StageSession session);
  }

  /** Builds every stage's graph in turn and has it timed; the shards fit the configuration. */
  static PlanTable of(
      PreTrainingConfig config, Vocabulary vocabulary, ShardReader shards, StepTimer timer) {
    StageGraphs graphs = StageGraphs.ofOneWorker(config, vocabulary, shards.maxSeqLength());
    StagePlan plan = config.stages().build(config.model().numHiddenLayers(), config.learningRate());
    List<Row> rows = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      try (StageSession session = graphs.openFresh(plan, stage)) {
        rows.add(row(config, graphs, stage, session, timer.secondsPerStep(stage, session)));
      }
    }
    return new PlanTable(List.copyOf(rows), graphs.cost().speedUp(plan));
  }

  /**
   * How many times less time the plan takes than training everything at full depth for as many
   * steps, by the measured steps; empty where no stage does that, so that its time is not known.
   */
  public OptionalDouble measuredSpeedUp() {
    StagePlan plan = new StagePlan(rows.stream().map(Row::stage).toList());
    return plan.trainingEverything().stream()
        .mapToDouble(
            stage -> rows.get(stage.index()).secondsPerStep() * plan.totalSteps() / seconds())
        .findFirst();
  }

  /** Seconds of the whole run by the measured steps. */
  public double seconds() {
    return rows.stream().mapToDouble(Row::seconds).sum();
  }

  static Batch firstBatch(BatchShare share, ShardReader shards) {
    return Batch.read(
        shards, LongStream.range(0, share.numRows()).map(i -> i % shards.numSequences()).toArray());
  }

  private static Row row(
      PreTrainingConfig config,
      StageGraphs graphs,
      Stage stage,
      StageSession session,
      double secondsPerStep) {
    StageCost cost = graphs.cost();
    Map<String, Long> sizes = session.graph().parameterSizes();
    int micro = config.data().microBatchSize();
    long memory =
        StageCost.stateBytes(stage, sizes)
            + cost.activationBytes(stage, micro, Float.BYTES)
            + RUNTIME_BYTES;
    return new Row(
        stage,
        session.graph().numTrainable(),
        sizes.values().stream().mapToLong(Long::longValue).sum(),
        stage.numSteps() * config.data().batchSize(),
        cost.flopsPerSequence(stage) * config.data().batchSize(),
        memory,
        secondsPerStep);
  }
}
