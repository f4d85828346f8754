package org.tiedbert.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tiedbert.cluster.Workers;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Optimizer;

/**
 * The static graph of one stage. A step is two runs of it or more: every micro-batch adds its
 * gradients to variables, then the norm of their sum is measured and, if it is finite, the update
 * applied. So one batch and its micro-batches take the same path, and nothing is updated before the
 * gradients are known to be finite.
 *
 * @param graph closed with this
 * @param counts float32 [V + 2], of a run's own sequences
 * @param denominators float32 [V + 2], the same unless others are fed
 * @param metrics float32, in the order of {@link StepMetrics#of}
 * @param evaluation float32, in the order of {@link HeldOutSums#of}
 * @param variables everything a checkpoint holds: parameters and the trained ones' moments
 * @param gradients the summed gradients of the trained parameters
 * @param learningRate float32 scalar, fed
 * @param clip norm of the summed gradients, and what each is multiplied by
 * @param own sums over the runs of this worker
 * @param all the same for a worker's last run of a step, then sums over all workers
 * @param synchronize gives all workers the chief's variables
 * @param update applies the optimizer to the sums
 * @param saver writes a TensorFlow V2 checkpoint of the variables
 */
record TrainGraph(
    Graph graph,
    ForwardGraph.Feeds feeds,
    Operand<TFloat32> counts,
    Operand<TFloat32> denominators,
    Operand<TFloat32> metrics,
    Operand<TFloat32> evaluation,
    Map<String, Variable> variables,
    Map<String, Operand<TFloat32>> gradients,
    Operand<TFloat32> learningRate,
    GlobalNormClip.Clip clip,
    Accumulation own,
    Accumulation all,
    Operation synchronize,
    Operation update,
    Saver saver)
    implements AutoCloseable {

  /**
   * Where a run's gradients go.
   *
   * @param set sets the sums to this run's gradients
   * @param add adds this run's gradients to the sums
   */
  record Accumulation(Operation set, Operation add) {
    private Accumulation in(Graph rewritten) {
      return new Accumulation(find(rewritten, set), find(rewritten, add));
    }
  }

  /**
   * What training adds to the forward graph.
   *
   * @param initializerRange of the truncated normal
   * @param seed of initial values
   * @param trains whether a parameter trains; the loss must reach it
   * @param momentsOrigin for each of them the step at which its moments were zero
   * @param workers who train together
   */
  record Settings(
      double initializerRange,
      long seed,
      Predicate<String> trains,
      ToLongFunction<String> momentsOrigin,
      Optimizer optimizer,
      GlobalNormClip clip,
      EngineConfig engine,
      Workers workers) {}

  /** Builds forward graph, gradients and update, and passes them through the engine. */
  static TrainGraph build(ForwardGraph.Settings forward, Settings settings) {
    return new TrainGraphBuilder(settings).build(forward);
  }

  /** The same outputs and operations in a rewritten graph. */
  TrainGraph in(Graph rewritten) {
    Map<String, Variable> variablesThere = new LinkedHashMap<>();
    variables.forEach((name, variable) -> variablesThere.put(name, variable.in(rewritten)));
    Map<String, Operand<TFloat32>> gradientsThere = new LinkedHashMap<>();
    gradients.forEach(
        (name, gradient) -> gradientsThere.put(name, GraphPass.find(rewritten, gradient)));
    return new TrainGraph(
        rewritten,
        feeds.in(rewritten),
        GraphPass.find(rewritten, counts),
        GraphPass.find(rewritten, denominators),
        GraphPass.find(rewritten, metrics),
        GraphPass.find(rewritten, evaluation),
        variablesThere,
        gradientsThere,
        GraphPass.find(rewritten, learningRate),
        new GlobalNormClip.Clip(
            GraphPass.find(rewritten, clip.globalNorm()), GraphPass.find(rewritten, clip.scale())),
        own.in(rewritten),
        all.in(rewritten),
        find(rewritten, synchronize),
        find(rewritten, update),
        saver.in(rewritten));
  }

  /** The graph as a protobuf, for other programs to read and run. */
  GraphDef definition() {
    return graph.toGraphDef();
  }

  /** Number of values of every parameter. */
  Map<String, Long> parameterSizes() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (Variable variable : variables.values()) {
      String name = variable.name();
      if (!name.endsWith(ParameterUpdates.FIRST_MOMENT)
          && !name.endsWith(ParameterUpdates.SECOND_MOMENT)) {
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

  @Override
  public void close() {
    graph.close();
  }

  private static Operation find(Graph rewritten, Operation original) {
    return rewritten.operationOrThrow(original.name());
  }
}
