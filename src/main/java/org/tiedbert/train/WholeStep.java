package org.tiedbert.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Program;
import org.tiedbert.optim.GlobalNormClip;

/**
 * A step of one micro-batch as a single program: noise, forward, backward, norm, clipping and
 * update. What speaks against an update must be found inside it, so there every assignment is of
 * the old value unless all losses and the norm are finite and the total loss is within a limit.
 *
 * @param lossLimit float32 scalar, fed
 * @param program fetches metrics, in the order of {@link StepMetrics#of}, and the gradients' norm
 */
record WholeStep(Operand<TFloat32> lossLimit, Program program) {

  /**
   * Adds the step to a graph.
   *
   * @param microBatch fetches its metrics, and then the gradient of each parameter that {@code
   *     updates} are of
   */
  static WholeStep of(
      Ops tf, Feeds feeds, Program microBatch, GlobalNormClip clipping, ParameterUpdates updates) {
    Operand<TFloat32> lossLimit =
        tf.withName("loss_limit").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> metrics = microBatch.fetch(0);
    List<Operand<TFloat32>> gradients =
        IntStream.range(1, microBatch.fetches().size())
            .<Operand<TFloat32>>mapToObj(microBatch::fetch)
            .toList();
    GlobalNormClip.Clip clip = clipping.of(tf.withSubScope("clip"), gradients);
    Operand<TBool> isSound = isSound(tf, metrics, clip.globalNorm(), lossLimit);
    Operation update = updates.applyIf(tf, isSound, gradients, clip.scale());
    List<Operand<?>> all = new ArrayList<>(feeds.ofMicroBatch());
    all.add(updates.learningRate());
    all.add(lossLimit);
    return new WholeStep(
        lossLimit, new Program("step", all, List.of(metrics, clip.globalNorm()), List.of(update)));
  }

  /** What {@link StepMetrics#isWithin} says of the same numbers. */
  private static Operand<TBool> isSound(
      Ops tf, Operand<TFloat32> metrics, Operand<TFloat32> norm, Operand<TFloat32> lossLimit) {
    Operand<TFloat32> scalars = tf.slice(metrics, tf.array(0), tf.array(StepMetrics.NUM_SCALARS));
    Operand<TBool> finite =
        tf.math.logicalAnd(
            tf.reduceAll(tf.math.isFinite(scalars), tf.constant(0)), tf.math.isFinite(norm));
    Operand<TFloat32> total = tf.squeeze(tf.slice(metrics, tf.array(0), tf.array(1)));
    return tf.math.logicalAnd(finite, tf.math.lessEqual(total, lossLimit));
  }

  /** The largest float that is not above a limit, so that host and program decide alike. */
  static float limit(double lossLimit) {
    float nearest = (float) lossLimit;
    return nearest > lossLimit ? Math.nextDown(nearest) : nearest;
  }

  WholeStep in(Graph rewritten) {
    return new WholeStep(GraphPass.find(rewritten, lossLimit), program.in(rewritten));
  }

  WholeStep with(Program other) {
    return new WholeStep(lossLimit, other);
  }
}
