package org.tiedbert.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;
import org.tiedbert.engine.BatchMatMulKernels;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;
import org.tiedbert.optim.Gradients;
import org.tiedbert.train.TrainGraph.Accumulation;
import org.tiedbert.train.TrainGraph.Settings;

/** Adds gradients, their sums, the update and the save to a forward graph. Used once. */
final class TrainGraphBuilder {
  private static final String GRADIENT = "/gradient";

  private final Settings settings;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
  private ForwardGraph.Feeds feeds;
  private Accumulation own;
  private Accumulation all;

  TrainGraphBuilder(Settings settings) {
    this.settings = settings;
  }

  TrainGraph build(ForwardGraph.Settings forwardSettings) {
    try (Graph model = new Graph()) {
      ForwardGraph forward = new ForwardGraph(Ops.create(model), forwardSettings);
      try (Graph trained = GraphPass.rewrite(model, forwardPasses())) {
        return withTraining(trained, forward).in(GraphPass.rewrite(trained, passes()));
      }
    }
  }

  private List<GraphPass> forwardPasses() {
    List<GraphPass> passes = new ArrayList<>(settings.engine().precision().forwardPasses());
    passes.add(new BatchMatMulKernels());
    return passes;
  }

  private List<GraphPass> passes() {
    List<GraphPass> passes = new ArrayList<>();
    passes.add(new BatchMatMulKernels());
    passes.addAll(settings.engine().xla().passes());
    return passes;
  }

  private TrainGraph withTraining(Graph graph, ForwardGraph forward) {
    Ops tf = Ops.create(graph).withSubScope("train");
    feeds = forward.feeds().in(graph);
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
    addGradients(tf, graph, GraphPass.find(graph, forward.total()), trained);
    ParameterUpdates updates =
        ParameterUpdates.of(
            tf,
            new ParameterUpdates.Settings(
                settings.optimizer(), settings.clip(), settings.momentsOrigin(), feeds.step()),
            trained,
            List.copyOf(gradients.values()));
    variables.putAll(updates.moments());
    return new TrainGraph(
        graph,
        feeds,
        GraphPass.find(graph, forward.counts()),
        GraphPass.find(graph, forward.denominators()),
        GraphPass.find(graph, forward.metrics()),
        GraphPass.find(graph, forward.evaluation()),
        variables,
        gradients,
        updates.learningRate(),
        updates.clip(),
        own,
        all,
        synchronize(tf),
        updates.apply(),
        Saver.of(tf, variables.values()));
  }

  private void addGradients(Ops tf, Graph graph, Operand<TFloat32> total, List<Parameter> trained) {
    List<Operand<TFloat32>> ofMicroBatch =
        Gradients.of(graph, total, trained.stream().map(Parameter::value).toList());
    List<Operand<TType>> sums = new ArrayList<>();
    for (Parameter parameter : trained) {
      Operand<TType> sum =
          ParameterUpdates.variable(tf, parameter.name() + GRADIENT, parameter.shape());
      sums.add(sum);
      gradients.put(parameter.name(), ParameterUpdates.read(tf, sum, parameter.shape()));
    }
    own = accumulation(tf, sums, ofMicroBatch);
    all = settings.workers().count() == 1 ? own : overWorkers(tf, sums, ofMicroBatch);
  }

  private static Accumulation accumulation(
      Ops tf, List<Operand<TType>> sums, List<Operand<TFloat32>> ofMicroBatch) {
    List<Op> set = new ArrayList<>();
    List<Op> add = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      set.add(tf.assignVariableOp(sums.get(i), ofMicroBatch.get(i)));
      add.add(tf.assignAddVariableOp(sums.get(i), ofMicroBatch.get(i)));
    }
    return new Accumulation(together(tf, "set_gradients", set), together(tf, "add_gradients", add));
  }

  /** Each sum goes to the other workers as soon as its gradient is there. */
  private Accumulation overWorkers(
      Ops tf, List<Operand<TType>> sums, List<Operand<TFloat32>> ofMicroBatch) {
    List<Op> set = new ArrayList<>();
    List<Op> add = new ArrayList<>();
    List<Operand<TFloat32>> before = List.copyOf(gradients.values());
    for (int i = 0; i < sums.size(); i++) {
      Operand<TFloat32> gradient = ofMicroBatch.get(i);
      set.add(tf.assignVariableOp(sums.get(i), settings.workers().sum(tf, gradient)));
      Operand<TFloat32> more = tf.math.add(before.get(i), gradient);
      add.add(tf.assignVariableOp(sums.get(i), settings.workers().sum(tf, more)));
    }
    return new Accumulation(
        together(tf, "set_all_gradients", set), together(tf, "add_all_gradients", add));
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
    return together(tf, "synchronize", assignments);
  }

  private static Operation together(Ops tf, String name, List<Op> operations) {
    return tf.withControlDependencies(operations).withName(name).noOp().op();
  }
}
