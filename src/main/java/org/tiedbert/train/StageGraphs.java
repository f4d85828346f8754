package org.tiedbert.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tiedbert.batch.Batch;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StageCost;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.text.Vocabulary;

/** Makes the graph of a stage and a session in which its variables have their values. */
final class StageGraphs {
  private static final long MAX_VALUES_AT_ONCE = 64L << 20;

  private final PreTrainingConfig config;
  private final Vocabulary vocabulary;
  private final int maxSeqLength;

  StageGraphs(PreTrainingConfig config, Vocabulary vocabulary, int maxSeqLength) {
    this.config = config;
    this.vocabulary = vocabulary;
    this.maxSeqLength = maxSeqLength;
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
            config.data().microBatchSize(),
            maxSeqLength),
        new TrainGraph.Settings(
            config.model().initializerRange(),
            config.seed(),
            name -> trains(stage, name),
            name -> plan.momentsOrigin(stage.index(), name),
            config.optimizer(),
            config.clip(),
            config.engine()));
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
    StageSession session = session(plan, stage);
    session.initialize(session.graph().variables().keySet());
    return session;
  }

  /**
   * A session whose variables are those of a checkpoint, or what the stage grows from it.
   *
   * @param from the checkpoint to continue, empty at the start of a run
   */
  StageSession open(StagePlan plan, Stage stage, Optional<Checkpoint> from) {
    if (from.isEmpty()) {
      return openFresh(plan, stage);
    }
    StageSession session = session(plan, stage);
    boolean grows = from.get().state().stage() != stage.index();
    try (TensorBundle bundle = TensorBundle.open(from.get().prefix())) {
      Map<String, String> sources = new LinkedHashMap<>();
      List<String> fresh = new ArrayList<>();
      for (String name : session.graph().variables().keySet()) {
        Optional<String> source = grows ? source(plan, stage, name) : Optional.of(name);
        source.ifPresentOrElse(there -> sources.put(name, there), () -> fresh.add(name));
      }
      session.initialize(fresh);
      assign(session, sources, bundle);
      return session;
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** In few runs, as each walks over the graph, but without all values on the heap at once. */
  private static void assign(
      StageSession session, Map<String, String> sources, TensorBundle bundle) {
    Map<String, float[]> values = new LinkedHashMap<>();
    long numValues = 0;
    for (Map.Entry<String, String> source : sources.entrySet()) {
      float[] read = bundle.floats(source.getValue());
      values.put(source.getKey(), read);
      numValues += read.length;
      if (numValues > MAX_VALUES_AT_ONCE) {
        session.assign(values);
        values.clear();
        numValues = 0;
      }
    }
    session.assign(values);
  }

  private StageSession session(StagePlan plan, Stage stage) {
    return new StageSession(build(plan, stage), config.engine(), config.data().microBatchSize());
  }

  /** The variable of the stage before that a variable starts as; empty for a fresh start. */
  private static Optional<String> source(StagePlan plan, Stage stage, String name) {
    for (String moment : new String[] {TrainGraph.FIRST_MOMENT, TrainGraph.SECOND_MOMENT}) {
      if (name.endsWith(moment)) {
        String parameter = name.substring(0, name.length() - moment.length());
        return plan.momentsSource(stage.index(), parameter).map(source -> source + moment);
      }
    }
    return stage.growth().sourceOf(name);
  }

  /**
   * Seconds of one step, measured without changing any parameter: one to warm up, then the best.
   */
  static double secondsPerStep(StageSession session, Batch batch, long step) {
    session.computeGradients(batch, step);
    double best = Double.POSITIVE_INFINITY;
    for (int run = 0; run < 2; run++) {
      long start = System.nanoTime();
      session.computeGradients(batch, step);
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }
}
