package org.tiedbert.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tiedbert.batch.Batch;
import org.tiedbert.batch.BatchShare;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.cluster.OneWorker;
import org.tiedbert.cluster.Workers;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.text.Vocabulary;

/** Makes the graph of a stage and a session in which its variables have their values. */
final class StageGraphs {
  /** The first of them warms up: it compiles, where the engine does. */
  private static final int NUM_MEASURED = 3;

  private final PreTrainingConfig config;
  private final Vocabulary vocabulary;
  private final int maxSeqLength;
  private final Workers workers;
  private final BatchShare share;

  /**
   * @param workers who run the graphs together; closed by their owner
   */
  StageGraphs(PreTrainingConfig config, Vocabulary vocabulary, int maxSeqLength, Workers workers) {
    this.config = config;
    this.workers = workers;
    this.share =
        BatchShare.of(
            config.data().batchSize(),
            config.data().microBatchSize(),
            workers.count(),
            workers.index());
    this.vocabulary = vocabulary;
    this.maxSeqLength = maxSeqLength;
  }

  /** Graphs of a run that nobody shares. */
  static StageGraphs ofOneWorker(
      PreTrainingConfig config, Vocabulary vocabulary, int maxSeqLength) {
    return new StageGraphs(config, vocabulary, maxSeqLength, new OneWorker(config.engine()));
  }

  /** The graph alone; closed by the caller. */
  TrainGraph build(StagePlan plan, Stage stage) {
    return TrainGraph.build(
        new ForwardGraph.Settings(
            encoder(stage),
            config.noise(),
            config.loss(),
            vocabulary,
            config.seed(),
            share.microBatchSize(),
            maxSeqLength),
        new TrainGraph.Settings(
            config.model().initializerRange(),
            config.seed(),
            name -> trains(stage, name),
            name -> plan.momentsOrigin(stage.index(), name),
            config.optimizer(),
            config.clip(),
            config.engine(),
            workers));
  }

  /** What is computed here of every batch. */
  BatchShare share() {
    return share;
  }

  EncoderConfig encoder(Stage stage) {
    return config.model().withNumHiddenLayers(stage.numLayers());
  }

  StageCost cost() {
    EncoderConfig model = config.model();
    return new StageCost(
        model.hiddenSize(),
        model.intermediateSize(),
        model.numAttentionHeads(),
        model.vocabSize(),
        maxSeqLength,
        config.noise().maxPredictionsPerSeq(),
        config.noise().views().size());
  }

  /**
   * Whether a stage trains a parameter: the pooler is reached by next-sentence prediction alone.
   */
  boolean trains(Stage stage, String parameter) {
    boolean reached = config.loss().nextSentence() || !parameter.startsWith("bert/pooler/");
    return reached && stage.trainable().contains(parameter);
  }

  /** A session whose variables start from nothing, whatever the stage; for measurements. */
  StageSession openFresh(StagePlan plan, Stage stage) {
    StageSession session = openUnset(plan, stage);
    try {
      session.values().initialize(session.graph().variables().keySet());
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** A session whose variables have no values yet. */
  StageSession openUnset(StagePlan plan, Stage stage) {
    return new StageSession(build(plan, stage), workers, share);
  }

  /**
   * Gives the variables of a run's first stage the values that they start from.
   *
   * @param initial the model that has some of them, empty where all are new
   */
  static void setInitial(StageSession session, Optional<InitialModel> initial) {
    Set<String> names = session.graph().variables().keySet();
    Map<String, String> sources = initial.map(model -> model.sources(names)).orElseGet(Map::of);
    initial.ifPresent(model -> session.values().assign(model.prefix(), sources));
    initializeAllBut(session, sources.keySet());
  }

  /**
   * Gives a stage's variables the values of a checkpoint, or what the stage grows from it.
   *
   * @param from the checkpoint to continue
   */
  static void setVariables(StageSession session, StagePlan plan, Stage stage, Checkpoint from) {
    Set<String> names = session.graph().variables().keySet();
    boolean grows = from.state().stage() != stage.index();
    Map<String, String> sources = new LinkedHashMap<>();
    for (String name : names) {
      Optional<String> source = grows ? source(plan, stage, name) : Optional.of(name);
      source.ifPresent(existing -> sources.put(name, existing));
    }
    session.values().assign(from.prefix(), sources);
    initializeAllBut(session, sources.keySet());
  }

  private static void initializeAllBut(StageSession session, Set<String> set) {
    List<String> fresh =
        session.graph().variables().keySet().stream().filter(name -> !set.contains(name)).toList();
    session.values().initialize(fresh);
  }

  /** The variable of the stage before that a variable starts as; empty for a fresh start. */
  private static Optional<String> source(StagePlan plan, Stage stage, String name) {
    for (String moment :
        new String[] {ParameterUpdates.FIRST_MOMENT, ParameterUpdates.SECOND_MOMENT}) {
      if (name.endsWith(moment)) {
        String parameter = name.substring(0, name.length() - moment.length());
        return plan.momentsSource(stage.index(), parameter).map(source -> source + moment);
      }
    }
    return stage.growth().sourceOf(name);
  }

  /**
   * Seconds of one step, the best of a few. They change the variables, which need values for it,
   * though any will do.
   */
  static double secondsPerStep(StageSession session, Batch batch, long step) {
    double best = Double.POSITIVE_INFINITY;
    for (int run = 0; run < NUM_MEASURED; run++) {
      long start = System.nanoTime();
      session.step(batch, step, new StageSession.Update(0, Double.POSITIVE_INFINITY));
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }
}
