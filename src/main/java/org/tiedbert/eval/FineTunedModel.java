package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.engine.BatchMatMulKernels;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Sessions;
import org.tiedbert.text.InputException;
import org.tiedbert.train.Variable;
import org.tiedbert.train.VariableValues;

/** A fine-tuned model that predicts. Holds native memory until closed; for one thread at a time. */
public final class FineTunedModel implements AutoCloseable {
  private final ModelDirectory model;
  private final TaskOutput output;
  private final int maxSeqLength;
  private final Graph graph;
  private final Session session;
  private final ClassifierGraph.Feeds feeds;
  private final Operand<TFloat32> logits;

  private FineTunedModel(
      ModelDirectory model,
      TaskOutput output,
      int maxSeqLength,
      Graph graph,
      Session session,
      ClassifierGraph.Feeds feeds,
      Operand<TFloat32> logits) {
    this.model = model;
    this.output = output;
    this.maxSeqLength = maxSeqLength;
    this.graph = graph;
    this.session = session;
    this.feeds = feeds;
    this.logits = logits;
  }

  /**
   * Opens a model that was fine-tuned for a task.
   *
   * @param directory a fine-tuning run, or any model with a classifier
   * @param output what the task asks for; the model's labels must be its
   * @param maxSeqLength tokens of an input, longer ones are cut
   * @throws CheckpointException if there is no such model, or it is damaged
   * @throws InputException if it is a model for something else
   */
  public static FineTunedModel open(
      Path directory, TaskOutput output, int maxSeqLength, EngineConfig engine) {
    ModelDirectory model = ModelDirectory.open(directory, damaged -> {});
    Labels labels =
        model
            .labels()
            .orElseThrow(
                () ->
                    new InputException(
                        "%s is not fine-tuned: it has no classifier; 'tiedbert finetune' gives it one"
                            .formatted(directory)));
    if (!labels.equals(output.labels())) {
      throw new InputException(
          "%s must predict %s, it was fine-tuned for %s"
              .formatted(directory, output.labels().names(), labels.names()));
    }
    try (Graph built = new Graph()) {
      ClassifierGraph classifier =
          new ClassifierGraph(
              Ops.create(built),
              model.config().encoder(),
              model.vocabulary().padId(),
              output.numOutputs());
      Operand<TFloat32> logits = classifier.logits();
      Map<String, Variable> variables = Variable.fed(Ops.create(built), classifier.parameters());
      List<GraphPass> passes = new ArrayList<>(engine.precision().forwardPasses());
      passes.add(new BatchMatMulKernels());
      Graph graph = GraphPass.rewrite(built, passes);
      Session session = Sessions.open(graph, engine);
      Map<String, Variable> there = new LinkedHashMap<>();
      variables.forEach((name, variable) -> there.put(name, variable.in(graph)));
      Map<String, String> sources = new HashMap<>();
      there.keySet().forEach(name -> sources.put(name, name));
      new VariableValues(session, there).assign(model.prefix(), sources);
      return new FineTunedModel(
          model,
          output,
          maxSeqLength,
          graph,
          session,
          classifier.feeds().in(graph),
          GraphPass.find(graph, logits));
    }
  }

  /**
   * @return for each example the index of the predicted class or choice, or the predicted score
   */
  public double[] predict(List<Example> examples) {
    List<EncodedExample> encoded;
    try (ExampleEncoder encoder =
        new ExampleEncoder(model.vocabulary(), model.config().lowerCase(), maxSeqLength)) {
      encoded = encoder.encode(examples);
    }
    return new Predictor(output, model.vocabulary().padId(), maxSeqLength)
        .predict(encoded, this::logits);
  }

  private float[] logits(TokenBatch batch) {
    Shape shape = Shape.of(batch.numRows(), batch.length());
    try (TInt32 inputIds = TInt32.tensorOf(shape, DataBuffers.of(batch.inputIds()));
        TInt32 segmentIds = TInt32.tensorOf(shape, DataBuffers.of(batch.segmentIds()));
        Result result =
            session
                .runner()
                .feed(feeds.inputIds(), inputIds)
                .feed(feeds.segmentIds(), segmentIds)
                .fetch(logits)
                .run()) {
      return VariableValues.floats((TFloat32) result.get(0));
    }
  }

  @Override
  public void close() {
    try (graph) {
      session.close();
    }
  }
}
