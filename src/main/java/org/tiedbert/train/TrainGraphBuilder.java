package org.tiedbert.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Program;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Gradients;
import org.tiedbert.train.TrainGraph.Accumulation;
import org.tiedbert.train.TrainGraph.Settings;

/** Adds gradients, their sums, the update and the save to a forward graph. Used once. */
final class TrainGraphBuilder {
  private final Settings settings;
  private final Map<String, Variable> variables = new LinkedHashMap<>();

  TrainGraphBuilder(Settings settings) {
    this.settings = settings;
  }

  TrainGraph build(ForwardGraph.Settings forwardSettings) {
    try (Graph model = new Graph()) {
      ForwardGraph forward = new ForwardGraph(Ops.create(model), forwardSettings);
      EngineConfig engine = settings.engine();
      try (Graph trained = GraphPass.rewrite(model, engine.passesBeforeGradients())) {
        return withTraining(trained, forward)
            .in(GraphPass.rewrite(trained, engine.passesAfterUpdate()));
      }
    }
  }

  private TrainGraph withTraining(Graph graph, ForwardGraph forward) {
    Ops tf = Ops.create(graph).withSubScope("train");
    Feeds feeds = forward.feeds().in(graph);
    List<Parameter> parameters =
        forward.parameters().all().stream().map(parameter -> parameter.in(graph)).toList();
    for (Parameter parameter : parameters) {
      Operand<TFloat32> initialValue =
          Parameters.initialValue(tf, parameter, settings.initializerRange(), settings.seed());
      variables.put(
          parameter.name(),
          Variable.of(tf, parameter.name(), parameter.handle(), parameter.value(), initialValue));
    }
    List<Parameter> trained =
        parameters.stream().filter(parameter -> settings.trains().test(parameter.name())).toList();
    Program microBatch = microBatch(graph, forward, trained);
    ParameterUpdates updates =
        new ParameterUpdates(
            tf,
            new ParameterUpdates.Settings(
                settings.optimizer(), settings.momentsOrigin(), feeds.step()),
            trained);
    variables.putAll(updates.moments());
    GradientSums sums = new GradientSums(tf, trained);
    Accumulation own;
    Accumulation all;
    Optional<WholeStep> wholeStep = Optional.empty();
    if (settings.workers().count() == 1) {
      own = compiled(graph, sums.own(microBatch));
      all = own;
      if (settings.engine().xla().isWhole()) {
        WholeStep step =
            WholeStep.of(tf.withSubScope("step"), feeds, microBatch, settings.clip(), updates);
        wholeStep = Optional.of(step.with(compiled(graph, step.program())));
      }
    } else {
      // What waits for other workers is no part of a program that XLA compiles.
      Program gradientsAlone = compiled(graph, microBatch);
      own = sums.own(gradientsAlone);
      all = sums.overWorkers(gradientsAlone, settings.workers());
    }
    List<Operand<TFloat32>> gradients = List.copyOf(sums.values().values());
    GlobalNormClip.Clip clip = settings.clip().of(tf.withSubScope("clip"), gradients);
    Operation update = updates.apply(tf, gradients, clip.scale());
    return new TrainGraph(
        graph,
        feeds,
        GraphPass.find(graph, forward.denominators()),
        updates.learningRate(),
        clip.scale(),
        settings.clip().maxNorm(),
        variables,
        sums.values(),
        forwardProgram(graph, "counts", feeds.ofMicroBatch(), List.of(forward.counts())),
        forwardProgram(graph, "noise", feeds.ofMicroBatch(), forward.noised()),
        own,
        all,
        compiled(graph, new Program("norm", List.of(), List.of(clip.globalNorm()), List.of())),
        compiled(
            graph,
            new Program(
                "update",
                List.of(feeds.step(), updates.learningRate(), clip.scale()),
                List.of(),
                List.of(update))),
        sums.release(),
        wholeStep,
        forwardProgram(graph, "evaluation", feeds.ofEvaluation(), List.of(forward.evaluation())),
        synchronize(tf),
        Saver.of(tf, variables.values()));
  }

  /** A micro-batch's metrics, and then the gradient of each trained parameter. */
  private static Program microBatch(Graph graph, ForwardGraph forward, List<Parameter> trained) {
    List<Operand<?>> feeds = new ArrayList<>(forward.feeds().in(graph).ofMicroBatch());
    feeds.add(GraphPass.find(graph, forward.denominators()));
    List<Operand<?>> fetches = new ArrayList<>();
    fetches.add(GraphPass.find(graph, forward.metrics()));
    fetches.addAll(
        Gradients.of(
            graph,
            GraphPass.find(graph, forward.total()),
            trained.stream().map(Parameter::value).toList()));
    return new Program("micro_batch", feeds, fetches, List.of());
  }

  /** A program that reads what is in the forward graph. */
  private Program forwardProgram(
      Graph graph, String name, List<Operand<?>> feeds, List<Operand<?>> fetches) {
    List<Operand<?>> found =
        fetches.stream().<Operand<?>>map(fetch -> GraphPass.find(graph, fetch)).toList();
    return compiled(graph, new Program(name, feeds, found, List.of()));
  }

  private Accumulation compiled(Graph graph, Accumulation sums) {
    return new Accumulation(compiled(graph, sums.set()), compiled(graph, sums.add()));
  }

  private Program compiled(Graph graph, Program program) {
    return settings.engine().xla().compile(graph, program);
  }

  private Operation synchronize(Ops tf) {
    List<Op> assignments = new ArrayList<>();
    if (settings.workers().count() > 1) {
      for (Variable variable : variables.values()) {
        Operand<TFloat32> chiefs = settings.workers().fromChief(tf, variable.value());
        Operand<TType> handle = ParameterUpdates.variable(tf, variable.name(), variable.shape());
        assignments.add(tf.assignVariableOp(handle, chiefs));
      }
    }
    return tf.withControlDependencies(assignments).withName("synchronize").noOp().op();
  }
}
