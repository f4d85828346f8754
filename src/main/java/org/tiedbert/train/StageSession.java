package org.tiedbert.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
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
  }

  TrainGraph graph() {
    return graph;
  }

  /** Assigns a variable what it starts from. */
  void initialize(String name) {
    initialize(List.of(name));
  }

  /**
   * Assigns variables what they start from, in one run: TensorFlow walks over the whole graph for
   * every set of operations that it has not run before.
   */
  void initialize(Collection<String> names) {
    Session.Runner runner = session.runner();
    names.forEach(name -> runner.addTarget(graph.variables().get(name).assign()));
    runner.run().close();
  }

  /**
   * Assigns a variable the given values.
   *
   * @param values in row-major order, as many as the variable holds
   */
  void assign(String name, float[] values) {
    assign(Map.of(name, values));
  }

  /** Assigns variables the given values, in one run. */
  void assign(Map<String, float[]> valuesByName) {
    List<Tensor> tensors = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      valuesByName.forEach(
          (name, values) -> {
            TrainGraph.Variable variable = graph.variables().get(name);
            TFloat32 tensor = tensor(variable, values);
            tensors.add(tensor);
            runner.feed(variable.initialValue(), tensor).addTarget(variable.assign());
          });
      runner.run().close();
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  private static TFloat32 tensor(TrainGraph.Variable variable, float[] values) {
    if (variable.shape().size() != values.length) {
      throw new IllegalArgumentException(
          "%s has shape %s, got %d values"
              .formatted(variable.name(), variable.shape(), values.length));
    }
    return TFloat32.tensorOf(variable.shape(), DataBuffers.of(values));
  }

  /** A variable's values in row-major order. */
  float[] read(String name) {
    return read(List.of(name)).get(name);
  }

  /** Variables' values in row-major order, in one run. */
  Map<String, float[]> read(Collection<String> names) {
    Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
    names.forEach(name -> values.put(name, graph.variables().get(name).value()));
    return fetch(values);
  }

  /** The gradients summed by the last step, by parameter, before clipping. */
  Map<String, float[]> gradients() {
    return fetch(graph.gradients());
  }

  private Map<String, float[]> fetch(Map<String, Operand<TFloat32>> operands) {
    Session.Runner runner = session.runner();
    operands.values().forEach(runner::fetch);
    Map<String, float[]> values = new LinkedHashMap<>();
    try (Result result = runner.run()) {
      for (String name : operands.keySet()) {
        values.put(name, floats((TFloat32) result.get(values.size())));
      }
    }
    return values;
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
          metrics = sum(metrics, floats((TFloat32) result.get(0)));
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
          counts = sum(counts, floats((TFloat32) result.get(0)));
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
        return HeldOutSums.of(floats((TFloat32) result.get(0)));
      }
    }
  }

  /** Writes a TensorFlow V2 checkpoint of all variables. */
  void save(Path prefix) {
    try (TString path = TString.scalarOf(prefix.toString())) {
      session.runner().feed(graph.savePrefix(), path).addTarget(graph.save()).run().close();
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } finally {
      graph.close();
    }
  }

  private static float[] floats(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
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
