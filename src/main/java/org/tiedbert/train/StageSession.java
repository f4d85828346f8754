package org.tiedbert.train;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import org.tiedbert.batch.Batch;
import org.tiedbert.batch.BatchShare;
import org.tiedbert.cluster.Workers;
import org.tiedbert.engine.Program;

/**
 * One stage's graph at work: its variables live here, a step or an evaluation runs here. Owns the
 * graph and the session.
 */
final class StageSession implements AutoCloseable {
  private final TrainGraph graph;
  private final Session session;
  private final VariableValues values;
  private final Workers workers;
  private final BatchShare share;

  /**
   * Opens a session; no variable has a value yet.
   *
   * @param graph closed with this
   * @param workers who run the same graph together
   * @param share of every batch that is computed here
   */
  StageSession(TrainGraph graph, Workers workers, BatchShare share) {
    this.graph = graph;
    this.workers = workers;
    this.share = share;
    this.session = workers.open(graph.graph());
    this.values = new VariableValues(session, graph.variables());
  }

  TrainGraph graph() {
    return graph;
  }

  /** For a run of parts of the graph alone; to be fed through {@link Feeding}. */
  Session.Runner runner() {
    return session.runner();
  }

  /** What is computed here of every batch. */
  BatchShare share() {
    return share;
  }

  /** The values of the graph's variables. */
  VariableValues values() {
    return values;
  }

  /** The gradients summed by the last {@link #computeGradients}, by parameter, before clipping. */
  Map<String, float[]> gradients() {
    return values.fetch(graph.gradients());
  }

  /**
   * The gradients of a batch that {@link #step} has not updated with, by parameter.
   *
   * @param step updates done before
   */
  Map<String, float[]> gradients(Batch batch, long step) {
    if (isWholeStep(batch)) {
      computeGradients(batch, step); // again: one program keeps none
    }
    return gradients();
  }

  /** Gives all workers the chief's variables. */
  void synchronize() {
    workers.run(session.runner().addTarget(graph.synchronize())).close();
  }

  /**
   * What one update takes.
   *
   * @param lossLimit a loss above it is not updated with
   */
  record Update(double learningRate, double lossLimit) {}

  /**
   * Takes a step: updates with a batch if its losses and gradients are finite and its loss is
   * within the limit, as {@link StepMetrics#isWithin} tells; else nothing is updated.
   *
   * @param batch this worker's share
   * @param step updates done before
   */
  StepMetrics step(Batch batch, long step, Update update) {
    return step(batch, step, update, workers::run);
  }

  /**
   * The same, its runs made by another: for a look into them.
   *
   * @param run makes a run of the graph; what it returns is closed here
   */
  StepMetrics step(Batch batch, long step, Update update, Function<Session.Runner, Result> run) {
    if (isWholeStep(batch)) {
      return wholeStep(batch, step, update, run);
    }
    StepMetrics metrics = computeGradients(batch, step, run);
    if (metrics.isWithin(update.lossLimit())) {
      update(step, update.learningRate(), metrics.gradientNorm(), run);
      // The next forward pass, when memory is scarcest, has no use for them.
      session.runner().addTarget(graph.release()).run().close();
    }
    return metrics;
  }

  private boolean isWholeStep(Batch batch) {
    return graph.wholeStep().isPresent() && numMicroBatches(batch) == 1;
  }

  private StepMetrics wholeStep(
      Batch batch, long step, Update update, Function<Session.Runner, Result> run) {
    WholeStep whole = graph.wholeStep().orElseThrow();
    try (Feeding feeding = microBatch(batch, 0, step)) {
      feeding
          .scalar(graph.learningRate(), (float) update.learningRate())
          .scalar(whole.lossLimit(), WholeStep.limit(update.lossLimit()));
      try (Result result = run.apply(whole.program().addTo(feeding.runner()))) {
        return StepMetrics.of(
            doubles(VariableValues.floats((TFloat32) result.get(0))),
            ((TFloat32) result.get(1)).getFloat());
      }
    }
  }

  /**
   * Sums the gradients of a batch over its micro-batches and all workers, and measures them.
   * Nothing is updated.
   *
   * @param batch this worker's share
   * @param step updates done before
   */
  StepMetrics computeGradients(Batch batch, long step) {
    return computeGradients(batch, step, workers::run);
  }

  private StepMetrics computeGradients(
      Batch batch, long step, Function<Session.Runner, Result> run) {
    int numMicroBatches = numMicroBatches(batch);
    // A compiled program takes them as an argument also where the graph could count them itself.
    boolean isWhole = numMicroBatches == 1 && workers.count() == 1 && graph.wholeStep().isEmpty();
    float[] denominators = isWhole ? null : denominators(batch, step, run);
    float[] metrics = null;
    for (int i = 0; i < numMicroBatches; i++) {
      TrainGraph.Accumulation gradients = i == numMicroBatches - 1 ? graph.all() : graph.own();
      try (Feeding feeding = microBatch(batch, i, step)) {
        if (denominators != null) {
          feeding.floats(graph.denominators(), denominators);
        }
        Program program = i == 0 ? gradients.set() : gradients.add();
        metrics = sum(metrics, floats(run.apply(program.addTo(feeding.runner()))));
      }
    }
    return allWorkers(metrics, run);
  }

  /** The sums of metrics, and the chief's norm: two workers' may differ in the last bit. */
  private StepMetrics allWorkers(float[] metrics, Function<Session.Runner, Result> run) {
    double[] own = Arrays.copyOf(doubles(metrics), metrics.length + 1);
    double gradientNorm = floats(run.apply(graph.norm().addTo(session.runner())))[0];
    own[metrics.length] = workers.isChief() ? gradientNorm : 0;
    double[] all = workers.sum(own);
    return StepMetrics.of(Arrays.copyOf(all, metrics.length), all[metrics.length]);
  }

  int numMicroBatches(Batch batch) {
    return batch.batchSize() / share.microBatchSize();
  }

  /** A run fed with one micro-batch; closed by the caller. */
  Feeding microBatch(Batch batch, int number, long step) {
    int first = number * share.microBatchSize();
    return new Feeding(session.runner(), graph.feeds())
        .sequences(batch, first, share.microBatchSize())
        .firstPlace((long) share.first() + first)
        .step(step);
  }

  private float[] denominators(Batch batch, long step, Function<Session.Runner, Result> run) {
    float[] counts = null;
    for (int i = 0; i < numMicroBatches(batch); i++) {
      try (Feeding feeding = microBatch(batch, i, step)) {
        counts = sum(counts, floats(run.apply(graph.counts().addTo(feeding.runner()))));
      }
    }
    return Floats.toArray(Doubles.asList(workers.sum(doubles(counts))));
  }

  /** Clips the gradients of the last {@link #computeGradients} and updates with them. */
  void update(long step, double learningRate, double gradientNorm) {
    update(step, learningRate, gradientNorm, workers::run);
  }

  private void update(
      long step, double learningRate, double gradientNorm, Function<Session.Runner, Result> run) {
    double scale = Math.min(1, graph.maxNorm() / gradientNorm);
    try (Feeding feeding = new Feeding(session.runner(), graph.feeds())) {
      feeding
          .step(step)
          .scalar(graph.learningRate(), (float) learningRate)
          .scalar(graph.clipScale(), (float) scale);
      run.apply(graph.update().addTo(feeding.runner())).close();
    }
  }

  /**
   * Sums over one micro-batch of held-out sequences.
   *
   * @param firstPlace number of its first sequence in the held-out text; masks depend on it
   */
  HeldOutSums evaluate(Batch batch, long firstPlace) {
    try (Feeding feeding = new Feeding(session.runner(), graph.feeds())) {
      feeding.sequences(batch, 0, share.microBatchSize()).firstPlace(firstPlace);
      return HeldOutSums.of(doubles(floats(graph.evaluation().addTo(feeding.runner()).run())));
    }
  }

  /** Writes a TensorFlow V2 checkpoint of all variables. */
  void save(Path prefix) {
    values.save(graph.saver(), prefix);
  }

  @Override
  public void close() {
    try (graph) {
      session.close();
    }
  }

  /** The only thing that a run fetched, which is closed. */
  private static float[] floats(Result result) {
    try (result) {
      return VariableValues.floats((TFloat32) result.get(0));
    }
  }

  private static double[] doubles(float[] values) {
    return Doubles.toArray(Floats.asList(values));
  }

  private static float[] sum(float[] sum, float[] values) {
    if (sum == null) {
      return values;
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
    return sum;
  }
}
