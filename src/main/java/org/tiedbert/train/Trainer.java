package org.tiedbert.train;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tiedbert.batch.Batch;
import org.tiedbert.batch.BatchCursor;
import org.tiedbert.batch.BatchSource;
import org.tiedbert.batch.SkippedSequences;
import org.tiedbert.checkpoint.LossTrend;
import org.tiedbert.checkpoint.Standing;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.cluster.Workers;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.engine.MatrixPeak;
import org.tiedbert.stage.ScheduleFit;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.train.PreTraining.Outcome;

/** The loop: stages, and steps in each, with evaluations, checkpoints and reports between them. */
final class Trainer {
  private final PreTrainingConfig config;
  private final StageGraphs graphs;
  private final Vocabulary vocabulary;
  private final ShardReader shards;
  private final HeldOut heldOut;
  private final RunKeeper keeper;
  private final Workers workers;
  private final Progress progress;
  private final double flopsPeak;
  private final StagePlan configured;
  private final RunClock clock;

  private StagePlan plan;
  private TrainingState state;
  private SkippedSequences skipped = SkippedSequences.NONE;
  private long lastSaved;
  private Optional<Divergence> diverged = Optional.empty();

  /**
   * @param keeper of the run, where this worker is its chief
   * @param workers closed by their owner
   */
  Trainer(
      PreTrainingConfig config,
      StageGraphs graphs,
      Vocabulary vocabulary,
      ShardReader shards,
      HeldOut heldOut,
      RunKeeper keeper,
      Workers workers,
      Progress progress) {
    this.config = config;
    this.graphs = graphs;
    this.vocabulary = vocabulary;
    this.shards = shards;
    this.heldOut = heldOut;
    this.keeper = keeper;
    this.workers = workers;
    this.progress = progress;
    this.flopsPeak = workers.count() * MatrixPeak.flopsPerSecond(config.engine());
    this.configured =
        config.stages().build(config.model().numHiddenLayers(), config.learningRate());
    this.clock = new RunClock(new Budget(config.maxDuration(), configured), graphs.cost(), workers);
  }

  Outcome run() {
    stand();
    clock.continueFrom(state.elapsedSeconds());
    if (state.step() < plan.totalSteps()) {
      keeper.begun(state.step());
    }
    do {
      train();
    } while (state.step() < plan.totalSteps() && !workers.isStopRequested());
    workers.sum(new double[0]); // the last checkpoint is there before any of them is done
    return state.step() == plan.totalSteps() ? Outcome.FINISHED : Outcome.STOPPED;
  }

  /** Where the newest checkpoint stands, or at the start of the run. */
  private void stand() {
    Standing standing = Standing.of(workers.fromChief(keeper.standing().bytes()));
    state =
        standing
            .state()
            .orElseGet(() -> TrainingState.start(config.seed(), configured))
            .withRecoveries(standing.recoveries().size());
    skipped = standing.recoveries().skipped();
    plan = state.planFrom(configured);
    lastSaved = state.step();
  }

  /** To the end of the plan, or until the run is told to stop or goes back. */
  private void train() {
    try (RunLogs logs = keeper.openLogs(state.step());
        BatchSource batches =
            new BatchSource(
                shards,
                config.seed(),
                graphs.share(),
                vocabulary.padId(),
                new BatchCursor(state.nextSequence()),
                skipped)) {
      while (state.step() < plan.totalSteps() && !workers.isStopRequested() && diverged.isEmpty()) {
        runStage(plan.at(state.step()), batches, logs);
      }
      diverged.ifPresent(divergence -> goBack(divergence, batches.cursor()));
    }
    if (diverged.isPresent()) {
      diverged = Optional.empty();
      stand();
    }
  }

  private void goBack(Divergence divergence, BatchCursor behind) {
    if (state.recoveries() >= config.divergence().maxRecoveries()) {
      throw divergence.exception(state.recoveries());
    }
    keeper.goBack(divergence, behind);
  }

  private void runStage(Stage planned, BatchSource batches, RunLogs logs) {
    clock.opening();
    try (StageSession session = graphs.openUnset(plan, planned)) {
      if (clock.isLimited() && state.step() == planned.firstStep()) {
        adopt(clock.fit(plan, state.step(), secondsPerStep(session)));
      }
      keeper.setVariables(session, plan, state);
      session.synchronize();
      clock.opened();
      if (state.step() == 0) {
        evaluate(session, logs);
      }
      Stage stage = plan.at(state.step());
      announce(session, stage, logs);
      Pace pace = new Pace(graphs.cost(), stage, config.data().batchSize());
      while (state.step() < stage.lastStep() && !workers.isStopRequested()) {
        step(session, stage, batches, pace, logs);
        if (diverged.isPresent()) {
          return;
        }
        boolean last = state.step() == stage.lastStep();
        if (last || state.step() % config.evaluation().everySteps() == 0) {
          evaluate(session, logs);
        }
        if (last || state.step() % config.checkpoint().everySteps() == 0) {
          if (!last) {
            fitAgain(pace.secondsPerStep());
            stage = plan.at(state.step());
          }
          checkpoint(session, stage, logs, last);
        }
      }
      if (state.step() > lastSaved) {
        checkpoint(session, stage, logs, false);
      }
    }
  }

  /** Seconds of a step; leaves the session's variables with values of no use. */
  private double secondsPerStep(StageSession session) {
    session.values().initialize(session.graph().variables().keySet());
    Batch batch = PlanTable.firstBatch(graphs.share(), shards);
    return StageGraphs.secondsPerStep(session, batch, state.step());
  }

  private void fitAgain(double secondsPerStep) {
    Optional<ScheduleFit> fit = clock.fitAgain(plan, state.step(), secondsPerStep);
    if (fit.isPresent()) {
      adopt(fit.get());
      progress.note("at this pace the budget holds %,d steps in all".formatted(plan.totalSteps()));
    }
  }

  private void adopt(ScheduleFit fit) {
    state = state.withFit(fit, plan);
    plan = state.planFrom(configured);
  }

  private void announce(StageSession session, Stage stage, RunLogs logs) {
    Map<String, Long> sizes = session.graph().parameterSizes();
    StageReport report =
        new StageReport(
            stage.index() + 1,
            plan.stages().size(),
            stage.name(),
            stage.numLayers(),
            session.graph().numTrainable(),
            sizes.values().stream().mapToLong(Long::longValue).sum(),
            workers.sentBytes(session.graph().numTrainable()),
            stage.firstStep() + 1,
            stage.lastStep());
    progress.stageStarted(report);
    if (state.step() == stage.firstStep()) {
      logs.stage(report);
    }
  }

  private void step(
      StageSession session, Stage stage, BatchSource batches, Pace pace, RunLogs logs) {
    long start = System.nanoTime();
    long step = state.step();
    Batch batch = batches.next();
    double learningRate = stage.learningRate().at(step);
    LossTrend losses = state.lossesOf(stage.index());
    double maxLossRatio = config.divergence().maxLossRatio();
    StepMetrics metrics =
        session.step(
            batch, step, new StageSession.Update(learningRate, losses.limit(maxLossRatio)));
    diverged =
        Divergence.of(
            stage,
            step,
            batches.records(),
            metrics,
            losses,
            maxLossRatio,
            () -> session.gradients(batch, step));
    if (diverged.isPresent()) {
      return;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    pace.step(seconds);
    state =
        state.afterStep(
            stage.index(), batches.cursor().nextSequence(), clock.seconds(), metrics.total());
    StepReport report = report(session, stage, metrics, learningRate, pace);
    progress.step(report);
    logs.step(report, metrics, seconds);
  }

  private StepReport report(
      StageSession session, Stage stage, StepMetrics metrics, double learningRate, Pace pace) {
    boolean oneView = config.noise().views().size() == 1;
    return new StepReport(
        stage.index() + 1,
        plan.stages().size(),
        stage.name(),
        state.step(),
        plan.totalSteps(),
        metrics.total(),
        metrics.crossEntropy(),
        oneView ? Double.NaN : metrics.consistency(),
        metrics.meanAccuracy(),
        config.loss().nextSentence()
            ? OptionalDouble.of(metrics.nextSentenceAccuracy())
            : OptionalDouble.empty(),
        learningRate,
        metrics.gradientNorm(),
        pace.sequencesPerSecond(),
        OptionalDouble.of(pace.flopsPerSecond() / flopsPeak),
        workers.sentBytes(session.graph().numTrainable()),
        pace.remaining(plan, state.step()));
  }

  private void evaluate(StageSession session, RunLogs logs) {
    if (heldOut.isEmpty()) {
      return;
    }
    EvaluationReport report = heldOut.evaluate(session, state.step());
    progress.evaluated(report);
    logs.evaluation(report);
  }

  private void checkpoint(StageSession session, Stage stage, RunLogs logs, boolean stageEnd) {
    logs.force();
    keeper.save(state, session, stage, stageEnd);
    lastSaved = state.step();
    if (stageEnd) {
      Agreement.check(workers, session, progress);
    }
  }
}
