package org.tiedbert.train;

import com.google.common.primitives.Doubles;
import com.google.common.primitives.Floats;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import org.tiedbert.batch.Batch;
import org.tiedbert.batch.BatchShare;
import org.tiedbert.cluster.Workers;

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

  /** The gradients summed by the last step, by parameter, before clipping. */
  Map<String, float[]> gradients() {
    return values.fetch(graph.gradients());
  }

  /** Gives all workers the chief's variables. */
  void synchronize() {
    workers.run(session.runner().addTarget(graph.synchronize())).close();
  }

  /**
   * Sums the gradients of a batch over its micro-batches and all workers, and measures them.
   * Nothing is updated.
   *
   * @param batch this worker's share
   * @param step updates done before
   */
  StepMetrics computeGradients(Batch batch, long step) {
    int numMicroBatches = numMicroBatches(batch);
    boolean isWhole = numMicroBatches == 1 && workers.count() == 1;
    float[] denominators = isWhole ? null : denominators(batch, step);
    float[] metrics = null;
    for (int i = 0; i < numMicroBatches; i++) {
      TrainGraph.Accumulation gradients = i == numMicroBatches - 1 ? graph.all() : graph.own();
      try (Feeding feeding = microBatch(batch, i, step)) {
        if (denominators != null) {
          feeding.floats(graph.denominators(), denominators);
        }
        feeding.runner().addTarget(i == 0 ? gradients.set() : gradients.add());
        try (Result result = workers.run(feeding.runner().fetch(graph.metrics()))) {
          metrics = sum(metrics, VariableValues.floats((TFloat32) result.get(0)));
        }
      }
    }
    return allWorkers(metrics);
  }

  /** The sums of metrics, and the chief's norm: two workers' may differ in the last bit. */
  private StepMetrics allWorkers(float[] metrics) {
    double[] own = Arrays.copyOf(doubles(metrics), metrics.length + 1);
    double gradientNorm = gradientNorm();
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

  private float[] denominators(Batch batch, long step) {
    float[] counts = null;
    for (int i = 0; i < numMicroBatches(batch); i++) {
      try (Feeding feeding = microBatch(batch, i, step);
          Result result = feeding.runner().fetch(graph.counts()).run()) {
        counts = sum(counts, VariableValues.floats((TFloat32) result.get(0)));
      }
    }
    return Floats.toArray(Doubles.asList(workers.sum(doubles(counts))));
  }

  private double gradientNorm() {
    try (Result result = session.runner().fetch(graph.clip().globalNorm()).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  /** Clips the gradients of the last {@link #computeGradients} and updates with them. */
  void update(long step, double learningRate, double gradientNorm, double maxNorm) {
    double scale = Math.min(1, maxNorm / gradientNorm);
    try (Feeding feeding = feedUpdate(step, learningRate, scale)) {
      feeding.runner().addTarget(graph.update()).run().close();
    }
  }

  /** A run fed with what an update takes; closed by the caller. */
  Feeding feedUpdate(long step, double learningRate, double scale) {
    return new Feeding(session.runner(), graph.feeds())
        .step(step)
        .scalar(graph.learningRate(), (float) learningRate)
        .scalar(graph.clip().scale(), (float) scale);
  }

  /**
   * Sums over one micro-batch of held-out sequences.
   *
   * @param firstPlace number of its first sequence in the held-out text; masks depend on it
   */
  HeldOutSums evaluate(Batch batch, long firstPlace) {
    try (Feeding feeding = new Feeding(session.runner(), graph.feeds())) {
      feeding.sequences(batch, 0, share.microBatchSize()).firstPlace(firstPlace);
      try (Result result = feeding.runner().fetch(graph.evaluation()).run()) {
        return HeldOutSums.of(doubles(VariableValues.floats((TFloat32) result.get(0))));
      }
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
