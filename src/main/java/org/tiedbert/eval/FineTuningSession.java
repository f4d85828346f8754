package org.tiedbert.eval;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Sessions;
import org.tiedbert.train.VariableValues;

/** A fine-tuning graph at work. Owns the graph and the session. */
final class FineTuningSession implements AutoCloseable {
  private final FineTuningGraph graph;
  private final Session session;
  private final VariableValues values;

  /**
   * Opens a session; no variable has a value yet.
   *
   * @param graph closed with this
   */
  FineTuningSession(FineTuningGraph graph, EngineConfig engine) {
    this.graph = graph;
    this.session = Sessions.open(graph.graph(), engine);
    this.values = new VariableValues(session, graph.variables());
  }

  FineTuningGraph graph() {
    return graph;
  }

  VariableValues values() {
    return values;
  }

  /**
   * What one step measured.
   *
   * @param loss mean over the batch, before the update
   * @param gradientNorm before clipping
   */
  record Step(double loss, double gradientNorm) {
    boolean isFinite() {
      return Double.isFinite(loss) && Double.isFinite(gradientNorm);
    }
  }

  /**
   * Updates all parameters with one batch.
   *
   * @param step updates done before
   */
  Step step(TokenBatch batch, long step, double learningRate) {
    try (TInt32 inputIds = rows(batch, batch.inputIds());
        TInt32 segmentIds = rows(batch, batch.segmentIds());
        TFloat32 targets = TFloat32.vectorOf(batch.targets());
        TInt64 number = TInt64.scalarOf(step);
        TFloat32 rate = TFloat32.scalarOf((float) learningRate);
        Result result =
            graph
                .step()
                .addTo(runner(inputIds, segmentIds))
                .feed(graph.targets(), targets)
                .feed(graph.feeds().step(), number)
                .feed(graph.learningRate(), rate)
                .run()) {
      return new Step(scalar(result, 0), scalar(result, 1));
    }
  }

  /** The loss and the gradients of a batch, by parameter; nothing is updated. */
  Map<String, float[]> gradients(TokenBatch batch, long step) {
    Map<String, float[]> found = new LinkedHashMap<>();
    try (TInt32 inputIds = rows(batch, batch.inputIds());
        TInt32 segmentIds = rows(batch, batch.segmentIds());
        TFloat32 targets = TFloat32.vectorOf(batch.targets());
        TInt64 number = TInt64.scalarOf(step);
        Result result =
            graph
                .gradients()
                .addTo(runner(inputIds, segmentIds))
                .feed(graph.targets(), targets)
                .feed(graph.feeds().step(), number)
                .run()) {
      found.put("loss", VariableValues.floats((TFloat32) result.get(0)));
      for (String name : graph.parameters()) {
        found.put(name, VariableValues.floats((TFloat32) result.get(found.size())));
      }
    }
    return found;
  }

  /** The head's outputs for every row, float32 [R, C] in row-major order, without dropout. */
  float[] logits(TokenBatch batch) {
    try (TInt32 inputIds = rows(batch, batch.inputIds());
        TInt32 segmentIds = rows(batch, batch.segmentIds());
        Result result = graph.logits().addTo(runner(inputIds, segmentIds)).run()) {
      return VariableValues.floats((TFloat32) result.get(0));
    }
  }

  private Session.Runner runner(TInt32 inputIds, TInt32 segmentIds) {
    return session
        .runner()
        .feed(graph.feeds().inputIds(), inputIds)
        .feed(graph.feeds().segmentIds(), segmentIds);
  }

  private static TInt32 rows(TokenBatch batch, int[] values) {
    return TInt32.tensorOf(Shape.of(batch.numRows(), batch.length()), DataBuffers.of(values));
  }

  private static double scalar(Result result, int index) {
    return ((TFloat32) result.get(index)).getFloat();
  }

  @Override
  public void close() {
    try (graph) {
      session.close();
    }
  }
}
