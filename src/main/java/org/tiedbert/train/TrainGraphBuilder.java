package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;
import org.tiedbert.engine.BatchMatMulKernels;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Gradients;
import org.tiedbert.optim.Optimizer;
import org.tiedbert.train.TrainGraph.Settings;
import org.tiedbert.train.TrainGraph.Variable;

/** Adds gradients, their sums, the update and the save to a forward graph. Used once. */
final class TrainGraphBuilder {
  private static final String GRADIENT = "/gradient";

  private final Settings settings;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
  private ForwardGraph.Feeds feeds;
  private Operand<TFloat32> learningRate;
  private GlobalNormClip.Clip clip;
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
      addVariable(
          tf,
          parameter.name(),
          parameter.handle(),
          parameter.value(),
          Parameters.initialValue(tf, parameter, settings.initializerRange(), settings.seed()));
    }
    List<Parameter> trained =
        parameters.stream().filter(parameter -> settings.trains().test(parameter.name())).toList();
    addGradients(tf, graph, GraphPass.find(graph, forward.total()), trained);
    Operation update = addUpdate(tf, trained);
    Operand<TString> savePrefix =
        tf.withName("save_prefix").placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    return new TrainGraph(
        graph,
        feeds,
        GraphPass.find(graph, forward.counts()),
        GraphPass.find(graph, forward.denominators()),
        GraphPass.find(graph, forward.metrics()),
        GraphPass.find(graph, forward.evaluation()),
        variables,
        gradients,
        learningRate,
        clip,
        setGradients,
        addGradients,
        update,
        savePrefix,
        save(tf, savePrefix));
  }

  private void addVariable(
      Ops tf,
      String name,
      Operand<TType> handle,
      Operand<TFloat32> value,
      Operand<TFloat32> initialValue) {
    Operation assign = tf.assignVariableOp(handle, initialValue).op();
    variables.put(name, new Variable(name, value.shape(), value, initialValue, assign));
  }

  private void addGradients(Ops tf, Graph graph, Operand<TFloat32> total, List<Parameter> trained) {
    List<Operand<TFloat32>> ofMicroBatch =
        Gradients.of(graph, total, trained.stream().map(Parameter::value).toList());
    List<Op> set = new ArrayList<>();
    List<Op> add = new ArrayList<>();
    for (int i = 0; i < trained.size(); i++) {
      Parameter parameter = trained.get(i);
      Operand<TType> sum = variable(tf, parameter.name() + GRADIENT, parameter.shape());
      set.add(tf.assignVariableOp(sum, ofMicroBatch.get(i)));
      add.add(tf.assignAddVariableOp(sum, ofMicroBatch.get(i)));
      gradients.put(parameter.name(), read(tf, sum, parameter.shape()));
    }
    setGradients = together(tf, "set_gradients", set);
    addGradients = together(tf, "add_gradients", add);
  }

  private Operation addUpdate(Ops tf, List<Parameter> trained) {
    clip = settings.clip().of(tf.withSubScope("clip"), List.copyOf(gradients.values()));
    learningRate =
        tf.withName("learning_rate").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Map<Long, Operand<TFloat32>> updateNumbers = new LinkedHashMap<>();
    List<Op> assignments = new ArrayList<>();
    Ops scope = tf.withSubScope("update");
    for (Parameter parameter : trained) {
      String name = parameter.name();
      long origin = settings.momentsOrigin().applyAsLong(name);
      Operand<TType> first = variable(scope, name + TrainGraph.FIRST_MOMENT, parameter.shape());
      Operand<TType> second = variable(scope, name + TrainGraph.SECOND_MOMENT, parameter.shape());
      Operand<TFloat32> firstValue = read(scope, first, parameter.shape());
      Operand<TFloat32> secondValue = read(scope, second, parameter.shape());
      Optimizer.Update updated =
          settings
              .optimizer()
              .apply(
                  scope,
                  parameter.value(),
                  scope.math.mul(gradients.get(name), clip.scale()),
                  firstValue,
                  secondValue,
                  Optimizer.decays(name),
                  learningRate,
                  updateNumbers.computeIfAbsent(origin, key -> updateNumber(scope, key)));
      assignments.add(scope.assignVariableOp(parameter.handle(), updated.value()));
      assignments.add(scope.assignVariableOp(first, updated.firstMoment()));
      assignments.add(scope.assignVariableOp(second, updated.secondMoment()));
      addVariable(
          tf, name + TrainGraph.FIRST_MOMENT, first, firstValue, zeros(tf, parameter.shape()));
      addVariable(
          tf, name + TrainGraph.SECOND_MOMENT, second, secondValue, zeros(tf, parameter.shape()));
    }
    return together(tf, "apply", assignments);
  }

  /** t = step − origin + 1, the number of updates the moments have had with this one. */
  private Operand<TFloat32> updateNumber(Ops tf, long origin) {
    Operand<TInt64> number = tf.math.add(feeds.step(), tf.constant(1 - origin));
    return tf.dtypes.cast(number, TFloat32.class);
  }

  private Operation save(Ops tf, Operand<TString> prefix) {
    String[] names = variables.keySet().toArray(String[]::new);
    String[] wholes = new String[names.length];
    Arrays.fill(wholes, "");
    List<Operand<?>> values = new ArrayList<>();
    variables.values().forEach(variable -> values.add(variable.value()));
    return tf.withName("save").train.save(prefix, tf.array(names), tf.array(wholes), values).op();
  }

  private static Operand<TType> variable(Ops tf, String name, Shape shape) {
    return tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
  }

  private static Operand<TFloat32> read(Ops tf, Operand<TType> handle, Shape shape) {
    // The shape of what is read must be static for XLA; a handle's shape is not always inferred.
    return tf.reshape(tf.readVariableOp(handle, TFloat32.class), tf.constant(shape.asArray()));
  }

  private static Operand<TFloat32> zeros(Ops tf, Shape shape) {
    return tf.zeros(tf.constant(shape.asArray()), TFloat32.class);
  }

  private static Operation together(Ops tf, String name, List<Op> operations) {
    return tf.withControlDependencies(operations).withName(name).noOp().op();
  }
}
