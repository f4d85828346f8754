package org.tiedbert.train;

import java.nio.file.Path;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import org.tiedbert.batch.Batch;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Sessions;

/**
 * One stage's graph at work: its variables live here, a step or an evaluation runs here. Owns the
 * graph and the session.
 */
final class StageSession implements AutoCloseable {
  private final TrainGraph graph;
  private final Session session;
  private final VariableValues values;
  private final int microBatchSize;

  /**
   * Opens a session; no variable has a value yet.
   *
   * @param graph closed with this
   */
  StageSession(TrainGraph graph, EngineConfig engine, int microBatchSize) {
    this.graph = graph;
    this.microBatchSize = microBatchSize;
    this.session = Sessions.open(graph.graph(), engine);
    this.values = new VariableValues(session, graph.variables());
  }

  TrainGraph graph() {
    return graph;
  }

  /** For a run of parts of the graph alone; to be fed through {@link Feeding}. */
  Session.Runner runner() {
    return session.runner();
  }

  /** The values of the graph's variables. */
  VariableValues values() {
    return values;
  }

  /** The gradients summed by the last step, by parameter, before clipping. */
  Map<String, float[]> gradients() {
    return values.fetch(graph.gradients());
  }

  /**
   * Sums the gradients of a batch over its micro-batches and measures them. Nothing is updated.
   *
   * @param step updates done before
   */
  StepMetrics computeGradients(Batch batch, long step) {
    int numMicroBatches = batch.batchSize() / microBatchSize;
    float[] denominators = numMicroBatches == 1 ? null : denominators(batch, step);
    float[] metrics = null;
    for (int i = 0; i < numMicroBatches; i++) {
      try (Feeding feeding = new Feeding(session.runner(), graph.feeds())) {
        feeding
            .sequences(batch, i * microBatchSize, microBatchSize)
            .firstPlace((long) i * microBatchSize)
            .step(step);
        if (denominators != null) {
          feeding.floats(graph.denominators(), denominators);
        }
        feeding.runner().addTarget(i == 0 ? graph.setGradients() : graph.addGradients());
        try (Result result = feeding.runner().fetch(graph.metrics()).run()) {
          metrics = sum(metrics, VariableValues.floats((TFloat32) result.get(0)));
        }
      }
    }
    return StepMetrics.of(metrics, gradientNorm());
  }

  private float[] denominators(Batch batch, long step) {
    float[] counts = null;
    for (int first = 0; first < batch.batchSize(); first += microBatchSize) {
      try (Feeding feeding = new Feeding(session.runner(), graph.feeds())) {
        feeding.sequences(batch, first, microBatchSize).firstPlace(first).step(step);
        try (Result result = feeding.runner().fetch(graph.counts()).run()) {
          counts = sum(counts, VariableValues.floats((TFloat32) result.get(0)));
        }
      }
    }
    return counts;
  }

  private double gradientNorm() {
    try (Result result = session.runner().fetch(graph.clip().globalNorm()).run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  /** Clips the gradients of the last {@link #computeGradients} and updates with them. */
  void update(long step, double learningRate, double gradientNorm, double maxNorm) {
    float scale = (float) Math.min(1, maxNorm / gradientNorm);
    try (Feeding feeding = new Feeding(session.runner(), graph.feeds())) {
      feeding
          .step(step)
          .scalar(graph.learningRate(), (float) learningRate)
          .scalar(graph.clip().scale(), scale);
      feeding.runner().addTarget(graph.update()).run().close();
    }
  }

  /**
   * Sums over one micro-batch of held-out sequences.
   *
   * @param firstPlace number of its first sequence in the held-out text; masks depend on it
   */
  HeldOutSums evaluate(Batch batch, long firstPlace) {
    try (Feeding feeding = new Feeding(session.runner(), graph.feeds())) {
      feeding.sequences(batch, 0, microBatchSize).firstPlace(firstPlace);
      try (Result result = feeding.runner().fetch(graph.evaluation()).run()) {
        return HeldOutSums.of(VariableValues.floats((TFloat32) result.get(0)));
      }
    }
  }

  /** Writes a TensorFlow V2 checkpoint of all variables. */
  void save(Path prefix) {
    values.save(graph.saver(), prefix);
  }

  @Override
  public void close() {
    try {
      session.close();
    } finally {
      graph.close();
    }
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
