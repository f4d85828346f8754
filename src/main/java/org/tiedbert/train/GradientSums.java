package org.tiedbert.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.DestroyResourceOp;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;
import org.tiedbert.cluster.Workers;
import org.tiedbert.engine.Program;
import org.tiedbert.model.Parameter;
import org.tiedbert.train.TrainGraph.Accumulation;

/**
 * The variables that a step's gradients are summed in, and what sums them there. A micro-batch
 * comes as the program that computes it: it fetches its metrics, and then the gradient of each
 * trained parameter.
 */
final class GradientSums {
  private static final String GRADIENT = "/gradient";

  private final Ops tf;
  private final List<Operand<TType>> sums = new ArrayList<>();
  private final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();

  /** Adds the variables to a graph. */
  GradientSums(Ops tf, List<Parameter> trained) {
    this.tf = tf;
    for (Parameter parameter : trained) {
      Operand<TType> sum =
          ParameterUpdates.variable(tf, parameter.name() + GRADIENT, parameter.shape());
      sums.add(sum);
      values.put(parameter.name(), ParameterUpdates.read(tf, sum, parameter.shape()));
    }
  }

  /** float32, the sums by parameter. */
  Map<String, Operand<TFloat32>> values() {
    return values;
  }

  /** Gives back the memory of the sums, which have no value then until they are set again. */
  Operation release() {
    List<Op> releases = new ArrayList<>();
    for (Operand<TType> sum : sums) {
      releases.add(tf.destroyResourceOp(sum, DestroyResourceOp.ignoreLookupError(true)));
    }
    return tf.withControlDependencies(releases).withName("release_gradients").noOp().op();
  }

  /** The sums over this worker's micro-batches. */
  Accumulation own(Program microBatch) {
    List<Op> set = new ArrayList<>();
    List<Op> add = new ArrayList<>();
    for (int i = 0; i < sums.size(); i++) {
      set.add(tf.assignVariableOp(sums.get(i), gradient(microBatch, i)));
      add.add(tf.assignAddVariableOp(sums.get(i), gradient(microBatch, i)));
    }
    return new Accumulation(
        program("set_gradients", microBatch, set), program("add_gradients", microBatch, add));
  }

  /** The sums over all workers: each goes to them as soon as its gradient is there. */
  Accumulation overWorkers(Program microBatch, Workers workers) {
    List<Op> set = new ArrayList<>();
    List<Op> add = new ArrayList<>();
    List<Operand<TFloat32>> before = List.copyOf(values.values());
    for (int i = 0; i < sums.size(); i++) {
      Operand<TFloat32> gradient = gradient(microBatch, i);
      set.add(tf.assignVariableOp(sums.get(i), workers.sum(tf, gradient)));
      Operand<TFloat32> more = tf.math.add(before.get(i), gradient);
      add.add(tf.assignVariableOp(sums.get(i), workers.sum(tf, more)));
    }
    return new Accumulation(
        program("set_all_gradients", microBatch, set),
        program("add_all_gradients", microBatch, add));
  }

  private static Operand<TFloat32> gradient(Program microBatch, int number) {
    return microBatch.fetch(number + 1);
  }

  private Program program(String name, Program microBatch, List<Op> assignments) {
    Operation all = tf.withControlDependencies(assignments).withName(name).noOp().op();
    return new Program(name, microBatch.feeds(), List.of(microBatch.fetch(0)), List.of(all));
  }
}
