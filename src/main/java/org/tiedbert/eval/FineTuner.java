package org.tiedbert.eval;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunStart;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.engine.Environment;
import org.tiedbert.optim.LearningRate;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.train.DivergenceException;

/** The loop of fine-tuning: epochs of steps, with scores and checkpoints between them. */
final class FineTuner {
  private final FineTuningConfig config;
  private final String configYaml;
  private final RunDirectory run;
  private final ModelDirectory model;
  private final Task task;
  private final List<EncodedExample> train;
  private final List<EncodedSet> dev;
  private final FineTuningProgress progress;
  private final LengthBuckets buckets;
  private final long totalSteps;
  private final LearningRate learningRate;
  private final CheckpointStore checkpoints;
  private final CheckpointStore bestStore;
  private final long startNanos = System.nanoTime();
  private volatile boolean stopRequested;

  private TrainingState state;
  private BestScore best = BestScore.NONE;
  private double elapsedBefore;

  FineTuner(
      FineTuningConfig config,
      String configYaml,
      RunDirectory run,
      ModelDirectory model,
      Task task,
      List<EncodedExample> train,
      List<EncodedSet> dev,
      FineTuningProgress progress) {
    this.config = config;
    this.configYaml = configYaml;
    this.run = run;
    this.model = model;
    this.task = task;
    this.train = train;
    this.dev = dev;
    this.progress = progress;
    int[] lengths = train.stream().mapToInt(EncodedExample::length).toArray();
    this.buckets = new LengthBuckets(lengths, config.batchSize(), config.seed());
    this.totalSteps = (long) config.epochs() * buckets.numBatches();
    this.learningRate =
        new LearningRate.WarmupLinearDecay(
            config.learningRate().peak(),
            (long) (config.learningRate().warmupFraction() * totalSteps),
            totalSteps);
    this.checkpoints = new CheckpointStore(run.checkpoints(), 1);
    this.bestStore = new CheckpointStore(run.best(), 1);
  }

  void stop() {
    stopRequested = true;
  }

  /** Empty if it was told to stop. */
  Optional<FineTuningResult> run() {
    Optional<Checkpoint> latest =
        checkpoints.latest(damaged -> progress.note(damaged.getMessage()));
    state =
        latest
            .map(Checkpoint::state)
            .orElseGet(() -> TrainingState.start(config.seed(), List.of(totalSteps)));
    best = latest.map(from -> BestScore.read(from.file(BestScore.FILE))).orElse(BestScore.NONE);
    elapsedBefore = state.elapsedSeconds();
    RunStart.now(state.step(), Environment.of(config.engine())).append(run);
    try (FineTuningSession session =
            new FineTuningSession(FineTuningGraph.build(settings()), config.engine());
        FineTuningLogs logs = FineTuningLogs.open(run, state.step())) {
      setVariables(session, latest);
      while (state.step() < totalSteps && !stopRequested && !isOutOfPatience()) {
        runEpoch(session, logs);
      }
      if (state.step() < totalSteps && !isOutOfPatience()) {
        checkpoint(session, logs);
        return Optional.empty();
      }
      logs.force();
    }
    return Optional.of(finish());
  }

  private FineTuningGraph.Settings settings() {
    return new FineTuningGraph.Settings(
        model.config().encoder(),
        model.vocabulary().padId(),
        task.output(),
        config.seed(),
        config.optimizer(),
        config.clip(),
        config.engine());
  }

  private void setVariables(FineTuningSession session, Optional<Checkpoint> latest) {
    Map<String, String> sources = new HashMap<>();
    if (latest.isPresent()) {
      session.graph().variables().keySet().forEach(name -> sources.put(name, name));
      session.values().assign(latest.get().prefix(), sources);
      return;
    }
    StartingModel start = new StartingModel(model, config.weights());
    progress.note(start.description(task));
    sources.putAll(start.sources(session.graph().variables(), session.graph().parameters(), task));
    session.values().assign(model.prefix(), sources);
    List<String> fresh = new ArrayList<>(session.graph().variables().keySet());
    fresh.removeAll(sources.keySet());
    session.values().initialize(fresh);
  }

  /** The rest of the epoch that the state is in. */
  private void runEpoch(FineTuningSession session, FineTuningLogs logs) {
    int numBatches = buckets.numBatches();
    long epoch = state.step() / numBatches;
    List<int[]> batches = buckets.epoch(epoch);
    for (int i = (int) (state.step() % numBatches); i < numBatches; i++) {
      step(session, batches.get(i), logs);
      if (isScored(i + 1, numBatches)) {
        score(session, logs);
        checkpoint(session, logs);
      } else if (state.step() % config.checkpoint().everySteps() == 0) {
        checkpoint(session, logs);
      }
      if (stopRequested || isOutOfPatience()) {
        return;
      }
    }
  }

  /** Evenly through the epoch, and at its end. */
  private boolean isScored(int done, int numBatches) {
    int perEpoch = Math.min(config.evaluation().perEpoch(), numBatches);
    return (long) done * perEpoch / numBatches > (done - 1L) * perEpoch / numBatches;
  }

  private void step(FineTuningSession session, int[] chosen, FineTuningLogs logs) {
    long start = System.nanoTime();
    long step = state.step();
    TokenBatch batch =
        TokenBatch.of(train, chosen, model.vocabulary().padId(), config.maxSeqLength());
    double rate = learningRate.at(step);
    FineTuningSession.Step measured = session.step(batch, step, rate);
    if (!measured.isFinite()) {
      throw new DivergenceException(
          ("step %d gave a loss of %s and a gradient norm of %s. The last checkpoint and the best"
                  + " model stand; try a lower learningRate.peak, or precision float32")
              .formatted(step + 1, measured.loss(), measured.gradientNorm()));
    }
    long seen = state.nextSequence() + chosen.length;
    state = state.afterStep(0, seen, elapsed().toNanos() / 1e9, measured.loss());
    double seconds = (System.nanoTime() - start) / 1e9;
    logs.step(state.step(), measured, rate, seconds);
    progress.step(state.step(), totalSteps, measured.loss());
  }

  private void score(FineTuningSession session, FineTuningLogs logs) {
    Predictor predictor =
        new Predictor(task.output(), model.vocabulary().padId(), config.maxSeqLength());
    List<Scores> all = new ArrayList<>();
    List<double[]> predictions = new ArrayList<>();
    for (EncodedSet set : dev) {
      double[] predicted = predictor.predict(set.encoded(), session::logits);
      predictions.add(predicted);
      all.add(Scores.of(set.name(), task.metrics(), predicted, set.targets()));
    }
    all.forEach(scores -> logs.scored(state.step(), scores));
    boolean better = best.isBeatenBy(Scores.mean(all));
    best = better ? best.with(state.step(), all) : best.missed();
    if (better) {
      saveBest(session, predictions);
    }
    progress.scored(state.step(), all, better);
  }

  private void saveBest(FineTuningSession session, List<double[]> predictions) {
    Map<String, byte[]> files = modelFiles();
    DevPrediction.write(run.path().resolve(DevPrediction.FILE_NAME), inWords(predictions));
    Set<String> parameters = session.graph().parameters();
    bestStore.save(
        state,
        prefix -> {
          session.values().save(session.graph().parameterSaver(), prefix);
          return parameters;
        },
        files,
        false);
  }

  private List<DevPrediction> inWords(List<double[]> predictions) {
    List<DevPrediction> all = new ArrayList<>();
    for (int set = 0; set < dev.size(); set++) {
      List<Example> examples = dev.get(set).examples();
      for (int i = 0; i < examples.size(); i++) {
        all.add(
            DevPrediction.of(
                dev.get(set).name(), task.output(), examples.get(i), predictions.get(set)[i]));
      }
    }
    return all;
  }

  private void checkpoint(FineTuningSession session, FineTuningLogs logs) {
    logs.force();
    Map<String, byte[]> files = modelFiles();
    files.put(BestScore.FILE, best.bytes());
    checkpoints.save(
        state,
        prefix -> {
          session.values().save(session.graph().saver(), prefix);
          return session.graph().variables().keySet();
        },
        files,
        false);
  }

  private Map<String, byte[]> modelFiles() {
    Map<String, byte[]> files = new HashMap<>();
    files.put(BertConfig.FILE_NAME, model.config().bytes());
    files.put(Vocabulary.FILE_NAME, model.vocabulary().bytes());
    files.put(Labels.FILE_NAME, task.output().labels().bytes());
    files.put("config.yaml", configYaml.getBytes(StandardCharsets.UTF_8));
    return files;
  }

  private FineTuningResult finish() {
    FineTuningResult result =
        new FineTuningResult(
            task.name(),
            best.step(),
            state.step(),
            state.step() < totalSteps,
            best.score(),
            best.dataSets(),
            state.elapsedSeconds());
    result.write(run.result());
    checkpoints.removeAll();
    return result;
  }

  private boolean isOutOfPatience() {
    return config.evaluation().patience().map(count -> best.numMissed() >= count).orElse(false);
  }

  private Duration elapsed() {
    long before = (long) (elapsedBefore * 1e9);
    return Duration.ofNanos(before + System.nanoTime() - startNanos);
  }
}
