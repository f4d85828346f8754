package org.tiedbert.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.tiedbert.engine.Program;
import org.tiedbert.optim.GlobalNormClip;
import org.tiedbert.optim.Optimizer;

/**
 * The static graph of one stage, and the programs that are run of it. A step is two of them or
 * more: every micro-batch adds its gradients to variables, then the norm of their sum is measured
 * and, if it is finite, the update applied. So one batch and its micro-batches take the same path,
 * and nothing is updated before the gradients are known to be finite. Where XLA compiles programs
 * as a whole, a step of one micro-batch is one of them, which finds that out itself.
 *
 * @param graph closed with this
 * @param denominators float32 [V + 2], fed unless the micro-batch is the whole batch
 * @param learningRate float32 scalar, fed
 * @param clipScale float32 scalar that an update multiplies the summed gradients by, fed
 * @param maxNorm of all gradients together; above it they are clipped
 * @param variables everything a checkpoint holds: parameters and the trained ones' moments
 * @param gradients the summed gradients of the trained parameters
 * @param counts fetches float32 [V + 2], of a run's own sequences
 * @param noise draws the noised views, and nothing else: to be measured
 * @param own sums over the runs of this worker
 * @param all the same for a worker's last run of a step, then sums over all workers
 * @param norm fetches float32 scalar, the norm of the summed gradients
 * @param update applies the optimizer to the sums
 * @param release gives back the memory of the sums, once they were updated with
 * @param wholeStep empty where a step takes several programs, whatever its micro-batches
 * @param evaluation fetches float32, in the order of {@link HeldOutSums#of}
 * @param synchronize gives all workers the chief's variables
 * @param saver writes a TensorFlow V2 checkpoint of the variables
 */
record TrainGraph(
    Graph graph,
    Feeds feeds,
    Operand<TFloat32> denominators,
    Operand<TFloat32> learningRate,
    Operand<TFloat32> clipScale,
    double maxNorm,
    Map<String, Variable> variables,
    Map<String, Operand<TFloat32>> gradients,
    Program counts,
    Program noise,
    Accumulation own,
    Accumulation all,
    Program norm,
    Program update,
    Operation release,
    Optional<WholeStep> wholeStep,
    Program evaluation,
    Operation synchronize,
    Saver saver)
    implements AutoCloseable {

  /**
   * Where a run's gradients go. Each fetches float32 metrics, in the order of {@link
   * StepMetrics#of}.
   *
   * @param set sets the sums to this run's gradients
   * @param add adds this run's gradients to the sums
   */
  record Accumulation(Program set, Program add) {
    private Accumulation in(Graph rewritten) {
      return new Accumulation(set.in(rewritten), add.in(rewritten));
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
        GraphPass.find(rewritten, denominators),
        GraphPass.find(rewritten, learningRate),
        GraphPass.find(rewritten, clipScale),
        maxNorm,
        variablesThere,
        gradientsThere,
        counts.in(rewritten),
        noise.in(rewritten),
        own.in(rewritten),
        all.in(rewritten),
        norm.in(rewritten),
        update.in(rewritten),
        rewritten.operationOrThrow(release.name()),
        wholeStep.map(step -> step.in(rewritten)),
        evaluation.in(rewritten),
        rewritten.operationOrThrow(synchronize.name()),
        saver.in(rewritten));
  }

  /** All that is run of the graph but for the assignment and the saving of variables. */
  List<Program> programs() {
    List<Program> programs =
        new ArrayList<>(List.of(counts, own.set(), own.add(), norm, update, evaluation));
    wholeStep.ifPresent(step -> programs.add(step.program()));
    return programs;
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
}
