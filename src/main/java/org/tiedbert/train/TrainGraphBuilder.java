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
import org.tiedbert.train.TrainGraph.Settings;

/** Adds gradients, their sums, the update and the save to a forward graph. Used once. */
final class TrainGraphBuilder {
  private static final String GRADIENT = "/gradient";

  private final Settings settings;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
  private ForwardGraph.Feeds feeds;
  private Operation setGradients;
  private Operation addGradients;

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
        setGradients,
        addGradients,
        updates.apply(),
        Saver.of(tf, variables.values()));
  }

  private void addGradients(Ops tf, Graph graph, Operand<TFloat32> total, List<Parameter> trained) {
    List<Operand<TFloat32>> ofMicroBatch =
        Gradients.of(graph, total, trained.stream().map(Parameter::value).toList());
    List<Op> set = new ArrayList<>();
    List<Op> add = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      Parameter parameter = trained.get(i);
      Operand<TType> sum =
          ParameterUpdates.variable(tf, parameter.name() + GRADIENT, parameter.shape());
      set.add(tf.assignVariableOp(sum, ofMicroBatch.get(i)));
      add.add(tf.assignAddVariableOp(sum, ofMicroBatch.get(i)));
      gradients.put(parameter.name(), ParameterUpdates.read(tf, sum, parameter.shape()));
    }
    setGradients = together(tf, "set_gradients", set);
    addGradients = together(tf, "add_gradients", add);
  }

  private static Operation together(Ops tf, String name, List<Op> operations) {
    return tf.withControlDependencies(operations).withName(name).noOp().op();
  }
}
