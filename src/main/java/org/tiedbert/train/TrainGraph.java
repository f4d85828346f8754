package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;
import org.tiedbert.engine.BatchMatMulKernels;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Gradients;
import org.tiedbert.optim.Optimizer;

/**
 * The static graph of one stage. A step is two runs of it or more: every micro-batch adds its
 * gradients to variables, then the norm of their sum is measured and, if it is finite, the update
 * applied. So one batch and its micro-batches take the same path, and nothing is updated before the
 * gradients are known to be finite.
 */
public final class TrainGraph implements AutoCloseable {
  /** Checkpoint names of Adam's moments, after the parameter's. */
  static final String FIRST_MOMENT = "/adam_m";

  static final String SECOND_MOMENT = "/adam_v";
  private static final String GRADIENT = "/gradient";

  /**
   * What training adds to the forward graph.
   *
   * @param initializerRange of the truncated normal
   * @param seed of initial values
   * @param trains whether a parameter trains; the loss must reach it
   * @param momentsOrigin for each of them the step at which its moments were zero
   */
  record Settings(
      double initializerRange,
      long seed,
      Predicate<String> trains,
      ToLongFunction<String> momentsOrigin,
      Optimizer optimizer,
      GlobalNormClip clip,
      EngineConfig engine) {}

  /**
   * A variable that a checkpoint holds.
   *
   * @param initialValue what {@code assign} assigns; feeding it assigns what is fed
   */
  record Variable(
      String name,
      Shape shape,
      Operand<TFloat32> value,
      Operand<TFloat32> initialValue,
      Operation assign) {}

  private final Graph graph;
  private final Settings settings;
  private final ForwardGraph.Feeds feeds;
  private final Operand<TFloat32> counts;
  private final Operand<TFloat32> denominators;
  private final Operand<TFloat32> metrics;
  private final Operand<TFloat32> evaluation;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
  private Operand<TFloat32> learningRate;
  private GlobalNormClip.Clip clip;
  private Operation setGradients;
  private Operation addGradients;
  private Operation update;
  private Operand<TString> savePrefix;
  private Operation save;

  /** Builds forward graph, gradients and update, and passes them through the engine. */
  static TrainGraph build(ForwardGraph.Settings forward, Settings settings) {
    try (Graph model = new Graph()) {
      ForwardGraph built = new ForwardGraph(Ops.create(model), forward);
      List<GraphPass> passes = new ArrayList<>(settings.engine().precision().forwardPasses());
      passes.add(new BatchMatMulKernels());
      try (Graph trained = GraphPass.rewrite(model, passes)) {
        TrainGraph whole = new TrainGraph(trained, built, settings);
        whole.addTraining(built);
        return whole.rewritten();
      }
    }
  }

  private TrainGraph(Graph graph, ForwardGraph forward, Settings settings) {
    this.graph = graph;
    this.settings = settings;
    this.feeds = forward.feeds().in(graph);
    this.counts = GraphPass.find(graph, forward.counts());
    this.denominators = GraphPass.find(graph, forward.denominators());
    this.metrics = GraphPass.find(graph, forward.metrics());
    this.evaluation = GraphPass.find(graph, forward.evaluation());
  }

  private void addTraining(ForwardGraph forward) {
    Ops tf = Ops.create(graph).withSubScope("train");
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : forward.parameters().all()) {
      Parameter here = parameter.in(graph);
      parameters.add(here);
      addVariable(
          tf,
          here.name(),
          here.handle(),
          here.value(),
          Parameters.initialValue(tf, here, settings.initializerRange(), settings.seed()));
    }
    List<Parameter> trained =
        parameters.stream().filter(parameter -> settings.trains().test(parameter.name())).toList();
    addGradients(tf, GraphPass.find(graph, forward.total()), trained);
    addUpdate(tf, trained);
    addSave(tf);
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

  private void addGradients(Ops tf, Operand<TFloat32> total, List<Parameter> trained) {
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

  private void addUpdate(Ops tf, List<Parameter> trained) {
    clip = settings.clip().of(tf.withSubScope("clip"), List.copyOf(gradients.values()));
    learningRate =
        tf.withName("learning_rate").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Map<Long, Operand<TFloat32>> updateNumbers = new LinkedHashMap<>();
    List<Op> assignments = new ArrayList<>();
    Ops scope = tf.withSubScope("update");
    for (Parameter parameter : trained) {
      String name = parameter.name();
      long origin = settings.momentsOrigin().applyAsLong(name);
      Operand<TType> first = variable(scope, name + FIRST_MOMENT, parameter.shape());
      Operand<TType> second = variable(scope, name + SECOND_MOMENT, parameter.shape());
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
      addVariable(tf, name + FIRST_MOMENT, first, firstValue, zeros(tf, parameter.shape()));
      addVariable(tf, name + SECOND_MOMENT, second, secondValue, zeros(tf, parameter.shape()));
    }
    update = together(tf, "apply", assignments);
  }

  /** t = step − origin + 1, the number of updates the moments have had with this one. */
  private Operand<TFloat32> updateNumber(Ops tf, long origin) {
    Operand<TInt64> number = tf.math.add(feeds.step(), tf.constant(1 - origin));
    return tf.dtypes.cast(number, TFloat32.class);
  }

  private void addSave(Ops tf) {
    savePrefix =
        tf.withName("save_prefix").placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    String[] names = variables.keySet().toArray(String[]::new);
    String[] wholes = new String[names.length];
    Arrays.fill(wholes, "");
    List<Operand<?>> values = new ArrayList<>();
    variables.values().forEach(variable -> values.add(variable.value()));
    save =
        tf.withName("save").train.save(savePrefix, tf.array(names), tf.array(wholes), values).op();
  }

  private TrainGraph rewritten() {
    List<GraphPass> passes = new ArrayList<>();
    passes.add(new BatchMatMulKernels());
    passes.addAll(settings.engine().xla().passes());
    return new TrainGraph(this, GraphPass.rewrite(graph, passes));
  }

  /** The same outputs and operations in a rewritten graph. */
  private TrainGraph(TrainGraph original, Graph graph) {
    this.graph = graph;
    this.settings = original.settings;
    this.feeds = original.feeds.in(graph);
    this.counts = GraphPass.find(graph, original.counts);
    this.denominators = GraphPass.find(graph, original.denominators);
    this.metrics = GraphPass.find(graph, original.metrics);
    this.evaluation = GraphPass.find(graph, original.evaluation);
    original.variables.forEach(
        (name, variable) ->
            variables.put(
                name,
                new Variable(
                    name,
                    variable.shape(),
                    GraphPass.find(graph, variable.value()),
                    GraphPass.find(graph, variable.initialValue()),
                    find(variable.assign()))));
    original.gradients.forEach(
        (name, gradient) -> gradients.put(name, GraphPass.find(graph, gradient)));
    this.learningRate = GraphPass.find(graph, original.learningRate);
    this.clip =
        new GlobalNormClip.Clip(
            GraphPass.find(graph, original.clip.globalNorm()),
            GraphPass.find(graph, original.clip.scale()));
    this.setGradients = find(original.setGradients);
    this.addGradients = find(original.addGradients);
    this.update = find(original.update);
    this.savePrefix = GraphPass.find(graph, original.savePrefix);
    this.save = find(original.save);
  }

  private Operation find(Operation original) {
    return graph.operationOrThrow(original.name());
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

  Graph graph() {
    return graph;
  }

  /** The graph as a protobuf, for other programs to read and run. */
  public GraphDef definition() {
    return graph.toGraphDef();
  }

  ForwardGraph.Feeds feeds() {
    return feeds;
  }

  Operand<TFloat32> counts() {
    return counts;
  }

  Operand<TFloat32> denominators() {
    return denominators;
  }

  Operand<TFloat32> metrics() {
    return metrics;
  }

  Operand<TFloat32> evaluation() {
    return evaluation;
  }

  /** Everything a checkpoint holds: parameters, then the moments of the trained ones. */
  Map<String, Variable> variables() {
    return variables;
  }

  /** Number of values of every parameter. */
  Map<String, Long> parameterSizes() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (Variable variable : variables.values()) {
      String name = variable.name();
      if (!name.endsWith(FIRST_MOMENT) && !name.endsWith(SECOND_MOMENT)) {
        sizes.put(name, variable.shape().size());
      }
    }
    return sizes;
  }

  /** Number of values that train. */
  long numTrainable() {
    Map<String, Long> sizes = parameterSizes();
    return gradients.keySet().stream().mapToLong(sizes::get).sum();
  }

  /** The summed gradients of the trained parameters. */
  Map<String, Operand<TFloat32>> gradients() {
    return gradients;
  }

  Operand<TFloat32> learningRate() {
    return learningRate;
  }

  GlobalNormClip.Clip clip() {
    return clip;
  }

  Operation setGradients() {
    return setGradients;
  }

  Operation addGradients() {
    return addGradients;
  }

  Operation update() {
    return update;
  }

  Operand<TString> savePrefix() {
    return savePrefix;
  }

  Operation save() {
    return save;
  }

  @Override
  public void close() {
    graph.close();
  }
}
