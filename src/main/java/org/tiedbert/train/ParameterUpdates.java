package org.tiedbert.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Empty;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TType;
import org.tiedbert.model.Parameter;
import org.tiedbert.optim.Optimizer;
import org.tiedbert.optim.Optimizer.Slot;
import org.tiedbert.optim.Optimizer.Slots;

/** Updates of every trained parameter, with the variables that hold the moments. */
public final class ParameterUpdates {

  /** How many parameters are updated at the same time. */
  static final int AT_ONCE = 4;

  /** Checkpoint names of Adam's moments, after the parameter's. */
  public static final String FIRST_MOMENT = "/adam_m";

  public static final String SECOND_MOMENT = "/adam_v";

  /**
   * What updates are made of.
   *
   * @param momentsOrigin for each parameter the step at which its moments were zero
   * @param step int64 scalar, updates done before
   */
  public record Settings(
      Optimizer optimizer, ToLongFunction<String> momentsOrigin, Operand<TInt64> step) {}

  /** A parameter with its moments. */
  private record Trained(String name, Slots slots) {
    List<Slot> all() {
      return List.of(slots.parameter(), slots.firstMoment(), slots.secondMoment());
    }
  }

  private final Settings settings;
  private final List<Trained> trained = new ArrayList<>();
  private final Map<String, Variable> moments = new LinkedHashMap<>();
  private final Operand<TFloat32> learningRate;

  /** Adds the moments of parameters to a graph, and no update yet. */
  public ParameterUpdates(Ops tf, Settings settings, List<Parameter> parameters) {
    this.settings = settings;
    this.learningRate =
        tf.withName("learning_rate").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Ops scope = tf.withSubScope("moments");
    for (Parameter parameter : parameters) {
      trained.add(
          new Trained(
              parameter.name(),
              new Slots(
                  new Slot(parameter.handle(), parameter.value()),
                  moment(scope, parameter, FIRST_MOMENT),
                  moment(scope, parameter, SECOND_MOMENT))));
    }
  }

  private Slot moment(Ops tf, Parameter parameter, String suffix) {
    String name = parameter.name() + suffix;
    Operand<TType> handle = variable(tf, name, parameter.shape());
    Operand<TFloat32> value = read(tf, handle, parameter.shape());
    moments.put(name, Variable.of(tf, name, handle, value, zeros(tf, parameter.shape())));
    return new Slot(handle, value);
  }

  /** Two for each parameter, {@link #FIRST_MOMENT} and {@link #SECOND_MOMENT}. */
  public Map<String, Variable> moments() {
    return moments;
  }

  /** float32 scalar, fed to every update. */
  public Operand<TFloat32> learningRate() {
    return learningRate;
  }

  /**
   * Adds an update to the graph.
   *
   * @param gradients float32, one for each parameter in their order, of their shapes
   * @param scale float32 scalar that each gradient is multiplied by
   */
  public Operation apply(Ops tf, List<Operand<TFloat32>> gradients, Operand<TFloat32> scale) {
    return apply(tf, Optional.empty(), gradients, scale);
  }

  /**
   * Adds an update that leaves everything as it is where a condition does not hold, whatever the
   * gradients are.
   *
   * @param condition bool scalar
   */
  Operation applyIf(
      Ops tf,
      Operand<TBool> condition,
      List<Operand<TFloat32>> gradients,
      Operand<TFloat32> scale) {
    return apply(tf, Optional.of(condition), gradients, scale);
  }

  private Operation apply(
      Ops tf,
      Optional<Operand<TBool>> condition,
      List<Operand<TFloat32>> gradients,
      Operand<TFloat32> scale) {
    Map<Long, Operand<TFloat32>> updateNumbers = new LinkedHashMap<>();
    List<Op> updates = new ArrayList<>();
    Ops scope = tf.withSubScope("update");
    for (int i = 0; i < trained.size(); i++) {
      Trained one = trained.get(i);
      long origin = settings.momentsOrigin().applyAsLong(one.name());
      List<Op> before = new ArrayList<>(before(updates));
      if (condition.isPresent()) {
        one.all().forEach(slot -> before.add(slot.value())); // to be put back
      }
      Ops turn = scope.withControlDependencies(before);
      Op update =
          settings
              .optimizer()
              .update(
                  turn,
                  one.slots(),
                  turn.math.mul(gradients.get(i), scale),
                  Optimizer.decays(one.name()),
                  learningRate,
                  updateNumbers.computeIfAbsent(origin, key -> updateNumber(scope, key)));
      updates.add(condition.map(holds -> putBackUnless(holds, scope, one, update)).orElse(update));
    }
    return tf.withControlDependencies(updates).withName("apply").noOp().op();
  }

  /** What a parameter waits for, so that what few of them need meanwhile is in memory at once. */
  private static List<Op> before(List<Op> updates) {
    int end = Math.max(0, updates.size() - AT_ONCE + 1);
    return updates.subList(Math.max(0, end - 1), end);
  }

  private static Op putBackUnless(Operand<TBool> condition, Ops tf, Trained one, Op update) {
    Ops after = tf.withControlDependencies(update);
    List<Op> assignments = new ArrayList<>();
    for (Slot slot : one.all()) {
      Operand<TFloat32> updated = read(after, slot.handle(), slot.value().shape());
      assignments.add(
          after.assignVariableOp(slot.handle(), after.select(condition, updated, slot.value())));
    }
    return after.withControlDependencies(assignments).noOp();
  }

  /** t = step − origin + 1, the number of updates the moments have had with this one. */
  private Operand<TFloat32> updateNumber(Ops tf, long origin) {
    Operand<TInt64> number = tf.math.add(settings.step(), tf.constant(1 - origin));
    return tf.dtypes.cast(number, TFloat32.class);
  }

  /** A variable that no checkpoint holds under a parameter's name. */
  static Operand<TType> variable(Ops tf, String name, Shape shape) {
    return tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName(name));
  }

  static Operand<TFloat32> read(Ops tf, Operand<? extends TType> handle, Shape shape) {
    // The shape of what is read must be static for XLA; a handle's shape is not always inferred.
    return tf.reshape(tf.readVariableOp(handle, TFloat32.class), tf.constant(shape.asArray()));
  }

  /**
   * Not one tensor of zeros that all moments of a shape would share: their first update would then
   * find memory for each of them, which by then is cut up by a step's activations.
   */
  private static Operand<TFloat32> zeros(Ops tf, Shape shape) {
    int[] sizes = Arrays.stream(shape.asArray()).mapToInt(Math::toIntExact).toArray();
    return tf.empty(tf.constant(sizes), TFloat32.class, Empty.init(true));
  }
}
