package org.tiedbert.train;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tiedbert.batch.Batch;
import org.tiedbert.batch.BatchCursor;
import org.tiedbert.batch.BatchSource;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.LossTrend;
import org.tiedbert.checkpoint.Recovery;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunStart;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.engine.Environment;
import org.tiedbert.engine.MatrixPeak;
import org.tiedbert.stage.ScheduleFit;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.train.PreTraining.Outcome;

/** The loop: stages, and steps in each, with evaluations, checkpoints and reports between them. */
final class Trainer {
  private final PreTrainingConfig config;
  private final String configYaml;
  private final StageGraphs graphs;
  private final Vocabulary vocabulary;
  private final ShardReader shards;
  private final HeldOut heldOut;
  private final RunDirectory directory;
  private final CheckpointStore checkpoints;
  private final Rewinding rewinding;
  private final Optional<InitialModel> initial;
  private final Progress progress;
  private final long startNanos = System.nanoTime();
  private final double flopsPeak;
  private final StagePlan configured;
  private final Budget budget;
  private volatile boolean stopRequested;

  private Optional<Checkpoint> latest = Optional.empty();
  private StagePlan plan;
  private TrainingState state;
  private double elapsedBefore;
  private long lastSaved;
  private Duration opening = Duration.ZERO;
  private Optional<Divergence> diverged = Optional.empty();

  /**
   * @param initial what a run without checkpoints starts from, empty for a fresh start
   */
  Trainer(
      PreTrainingConfig config,
      String configYaml,
      RunDirectory directory,
      StageGraphs graphs,
      Vocabulary vocabulary,
      ShardReader shards,
      HeldOut heldOut,
      Optional<InitialModel> initial,
      Progress progress) {
    this.config = config;
    this.directory = directory;
    this.graphs = graphs;
    this.vocabulary = vocabulary;
    this.shards = shards;
    this.heldOut = heldOut;
    this.checkpoints = new CheckpointStore(directory.checkpoints(), config.checkpoint().keepLast());
    this.rewinding = new Rewinding(config, directory, checkpoints, progress);
    this.initial = initial;
    this.progress = progress;
    this.configYaml = configYaml;
    this.flopsPeak = MatrixPeak.flopsPerSecond(config.engine());
    this.configured =
        config.stages().build(config.model().numHiddenLayers(), config.learningRate());
    this.budget = new Budget(config.maxDuration(), configured);
  }

  void stop() {
    stopRequested = true;
  }

  Outcome run() {
    standAt(rewinding.newest());
    elapsedBefore = state.elapsedSeconds();
    if (state.step() < plan.totalSteps()) {
      RunStart.now(state.step(), Environment.of(config.engine())).append(directory);
    }
    do {
      train();
    } while (state.step() < plan.totalSteps() && !stopRequested);
    return state.step() == plan.totalSteps() ? Outcome.FINISHED : Outcome.STOPPED;
  }

  /** Where a checkpoint stands, or the start of the run. */
  private void standAt(Optional<Checkpoint> checkpoint) {
    latest = checkpoint;
    state =
        checkpoint
            .map(Checkpoint::state)
            .orElseGet(() -> TrainingState.start(config.seed(), configured))
            .withRecoveries(rewinding.numRecoveries());
    plan = state.planFrom(configured);
    lastSaved = state.step();
  }

  /** To the end of the plan, or until the run is told to stop or goes back. */
  private void train() {
    boolean pairs = config.loss().nextSentence();
    try (RunLogs logs = RunLogs.open(directory, state.step(), pairs);
        BatchSource batches =
            new BatchSource(
                shards,
                config.seed(),
                config.data().batchSize(),
                new BatchCursor(state.nextSequence()),
                rewinding.skipped())) {
      for (Recovery recovery : rewinding.to(state.step())) {
        logs.recovery(recovery, rewinding.records(recovery, shards));
      }
      while (state.step() < plan.totalSteps() && !stopRequested && diverged.isEmpty()) {
        runStage(plan.at(state.step()), batches, logs);
        latest = checkpoints.latest(damaged -> progress.note(damaged.getMessage()));
      }
      diverged.ifPresent(divergence -> rewinding.goBack(divergence, batches.cursor()));
    }
    if (diverged.isPresent()) {
      diverged = Optional.empty();
      standAt(rewinding.newest());
    }
  }

  private void runStage(Stage planned, BatchSource batches, RunLogs logs) {
    long openNanos = System.nanoTime();
    try (StageSession session = graphs.openUnset(plan, planned)) {
      if (!budget.isNone() && state.step() == planned.firstStep()) {
        double seconds = secondsPerStep(session);
        opening = Duration.ofNanos(System.nanoTime() - openNanos);
        fit(seconds);
      }
      if (latest.isPresent()) {
        StageGraphs.setVariables(session, plan, planned, latest.get());
      } else {
        begin(session, planned, logs);
      }
      if (opening.isZero()) { // continued within a stage, where nothing is measured
        opening = Duration.ofNanos(System.nanoTime() - openNanos);
      }
      if (state.step() == 0) {
        evaluate(session, logs);
      }
      Stage stage = plan.at(state.step());
      announce(session, stage, logs);
      Pace pace = new Pace(graphs.cost(), stage, config.data().batchSize());
      while (state.step() < stage.lastStep() && !stopRequested) {
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

  /** From here on a run needs the model no more that it starts from. */
  private void begin(StageSession session, Stage stage, RunLogs logs) {
    StageGraphs.setInitial(session, initial);
    if (initial.isPresent()) {
      progress.note(initial.get().description());
      checkpoint(session, stage, logs, false);
    }
  }

  /** Seconds of a step; leaves the session's variables with values of no use. */
  private double secondsPerStep(StageSession session) {
    session.values().initialize(session.graph().variables().keySet());
    return StageGraphs.secondsPerStep(session, PlanTable.firstBatch(config, shards), state.step());
  }

  /** Fits what is left of the plan to the budget. */
  private void fit(double secondsPerStep) {
    adopt(budget.fit(plan, state.step(), secondsPerStep, graphs.cost(), elapsed(), opening));
  }

  private void fitAgain(double secondsPerStep) {
    if (budget.isNone()
        || !budget.isMissed(
            plan, state.step(), secondsPerStep, graphs.cost(), elapsed(), opening)) {
      return;
    }
    ScheduleFit fit =
        budget.fit(plan, state.step(), secondsPerStep, graphs.cost(), elapsed(), opening);
    if (!fit.applyTo(plan).equals(plan)) { // at one step a stage nothing more can be taken away
      adopt(fit);
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
    StepMetrics metrics = session.computeGradients(batch, step);
    LossTrend losses = state.lossesOf(stage.index());
    double maxLossRatio = config.divergence().maxLossRatio();
    diverged = Divergence.of(stage, step, batch, metrics, losses, maxLossRatio, session);
    if (diverged.isPresent()) {
      return;
    }
    double learningRate = stage.learningRate().at(step);
    session.update(step, learningRate, metrics.gradientNorm(), config.clip().maxNorm());
    double seconds = (System.nanoTime() - start) / 1e9;
    pace.step(seconds);
    state =
        state.afterStep(
            stage.index(),
            batches.cursor().nextSequence(),
            elapsed().toNanos() / 1e9,
            metrics.total());
    StepReport report = report(stage, metrics, learningRate, pace);
    progress.step(report);
    logs.step(report, metrics, seconds);
  }

  private StepReport report(Stage stage, StepMetrics metrics, double learningRate, Pace pace) {
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
    Path saved =
        checkpoints.save(
            state,
            prefix -> {
              session.save(prefix);
              return session.graph().variables().keySet();
            },
            checkpointFiles(stage),
            stageEnd);
    lastSaved = state.step();
    progress.checkpoint(saved);
  }

  /** What makes a checkpoint a model by itself. */
  private Map<String, byte[]> checkpointFiles(Stage stage) {
    BertConfig bert = new BertConfig(graphs.encoder(stage), shards.manifest().lowerCase());
    return Map.of(
        BertConfig.FILE_NAME,
        bert.bytes(),
        Vocabulary.FILE_NAME,
        vocabulary.bytes(),
        "config.yaml",
        configYaml.getBytes(StandardCharsets.UTF_8));
  }

  private Duration elapsed() {
    long before = (long) (elapsedBefore * 1e9);
    return Duration.ofNanos(before + System.nanoTime() - startNanos);
  }
}
