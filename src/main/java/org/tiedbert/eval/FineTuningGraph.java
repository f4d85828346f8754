package org.tiedbert.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Program;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Gradients;
import org.tiedbert.optim.Optimizer;
import org.tiedbert.train.ParameterUpdates;
import org.tiedbert.train.Saver;
import org.tiedbert.train.Variable;

/**
 * The static graph of fine-tuning, for batches of any shape, each of which XLA compiles by itself
 * where it compiles programs as a whole. One program is a step. The gradients' norm comes with it;
 * where that is not finite, the parameters are spoilt, so the run has to end.
 *
 * @param graph closed with this
 * @param targets float32 [E], fed
 * @param step fetches float32 scalars, the mean loss over the batch and the gradients' norm
 * @param gradients fetches that loss and then the gradients of all parameters; nothing is updated
 * @param logits fetches float32 [R, C], without dropout
 * @param variables parameters and their moments
 * @param parameters names of the parameters among them, in the order of their gradients
 * @param saver writes all variables
 * @param parameterSaver writes the parameters alone
 */
record FineTuningGraph(
    Graph graph,
    ClassifierGraph.Feeds feeds,
    Operand<TFloat32> targets,
    Operand<TFloat32> learningRate,
    Program step,
    Program gradients,
    Program logits,
    Map<String, Variable> variables,
    Set<String> parameters,
    Saver saver,
    Saver parameterSaver)
    implements AutoCloseable {

  /** What it is built from. */
  record Settings(
      EncoderConfig encoder,
      int padId,
      TaskOutput output,
      long seed,
      Optimizer optimizer,
      GlobalNormClip clip,
      EngineConfig engine) {}

  static FineTuningGraph build(Settings settings) {
    try (Graph model = new Graph()) {
      Ops tf = Ops.create(model);
      ClassifierGraph classifier =
          new ClassifierGraph(
              tf, settings.encoder(), settings.padId(), settings.output().numOutputs());
      Operand<TFloat32> targets =
          tf.withName("targets").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
      Operand<TFloat32> loss =
          settings.output().loss(tf, classifier.trainingLogits(settings.seed()), targets);
      Operand<TFloat32> logits = classifier.logits();
      EngineConfig engine = settings.engine();
      try (Graph trained = GraphPass.rewrite(model, engine.passesBeforeGradients())) {
        FineTuningGraph whole =
            withTraining(
                trained, settings, classifier, targets, GraphPass.find(trained, loss), logits);
        return whole.in(GraphPass.rewrite(trained, engine.passesAfterUpdate()));
      }
    }
  }

  private static FineTuningGraph withTraining(
      Graph graph,
      Settings settings,
      ClassifierGraph classifier,
      Operand<TFloat32> targets,
      Operand<TFloat32> loss,
      Operand<TFloat32> logits) {
    Ops tf = Ops.create(graph).withSubScope("train");
    List<Parameter> parameters =
        classifier.parameters().all().stream().map(parameter -> parameter.in(graph)).toList();
    Map<String, Variable> variables = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      Operand<TFloat32> initialValue =
          Parameters.initialValue(
              tf, parameter, settings.encoder().initializerRange(), settings.seed());
      variables.put(
          parameter.name(),
          Variable.of(tf, parameter.name(), parameter.handle(), parameter.value(), initialValue));
    }
    Saver parameterSaver = Saver.of(tf.withSubScope("model"), List.copyOf(variables.values()));
    Set<String> names = Collections.unmodifiableSet(new LinkedHashSet<>(variables.keySet()));
    List<Operand<TFloat32>> gradients =
        Gradients.of(graph, loss, parameters.stream().map(Parameter::value).toList());
    ClassifierGraph.Feeds feeds = classifier.feeds().in(graph);
    Operand<TFloat32> fedTargets = GraphPass.find(graph, targets);
    ParameterUpdates updates =
        new ParameterUpdates(
            tf,
            new ParameterUpdates.Settings(settings.optimizer(), name -> 0, feeds.step()),
            parameters);
    variables.putAll(updates.moments());
    GlobalNormClip.Clip clip = settings.clip().of(tf.withSubScope("clip"), gradients);
    Operation update = updates.apply(tf, gradients, clip.scale());
    List<Operand<?>> batch =
        List.of(feeds.inputIds(), feeds.segmentIds(), fedTargets, feeds.step());
    List<Operand<?>> stepFeeds = new ArrayList<>(batch);
    stepFeeds.add(updates.learningRate());
    List<Operand<?>> lossAndGradients = new ArrayList<>(List.of(loss));
    lossAndGradients.addAll(gradients);
    XlaMode xla = settings.engine().xla();
    return new FineTuningGraph(
        graph,
        feeds,
        fedTargets,
        updates.learningRate(),
        xla.compile(
            graph,
            new Program("step", stepFeeds, List.of(loss, clip.globalNorm()), List.of(update))),
        xla.compile(graph, new Program("gradients", batch, lossAndGradients, List.of())),
        xla.compile(
            graph,
            new Program(
                "logits",
                List.of(feeds.inputIds(), feeds.segmentIds()),
                List.of(GraphPass.find(graph, logits)),
                List.of())),
        variables,
        names,
        Saver.of(tf, variables.values()),
        parameterSaver);
  }

  private FineTuningGraph in(Graph rewritten) {
    Map<String, Variable> variablesThere = new LinkedHashMap<>();
    variables.forEach((name, variable) -> variablesThere.put(name, variable.in(rewritten)));
    return new FineTuningGraph(
        rewritten,
        feeds.in(rewritten),
        GraphPass.find(rewritten, targets),
        GraphPass.find(rewritten, learningRate),
        step.in(rewritten),
        gradients.in(rewritten),
        logits.in(rewritten),
        variablesThere,
        parameters,
        saver.in(rewritten),
        parameterSaver.in(rewritten));
  }

  @Override
  public void close() {
    graph.close();
  }
}
