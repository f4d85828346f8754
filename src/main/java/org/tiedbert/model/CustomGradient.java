package org.tiedbert.model;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Identity;
import org.tensorflow.op.core.IdentityN;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;

/**
 * Functions whose gradients are written out here. What TensorFlow would put together from the
 * gradients of their single operations is the same, but keeps the results of most of these until
 * the backward pass; these keep a function's operands alone and compute the rest again.
 *
 * <p>A function's value is an Identity with attributes, which mean nothing to a graph that only
 * runs forward. The engine's pass of the same name turns it into an IdentityN of the value and the
 * operands, before gradients are taken: for that operation they are registered here.
 */
public enum CustomGradient {
  /** Operand x. */
  GELU(1) {
    @Override
    List<Operand<TFloat32>> gradients(
        Ops tf, List<Operand<?>> operands, Operand<TFloat32> gradient) {
      return List.of(Gelu.gradient(tf, floats(operands.get(0)), gradient));
    }
  },
  /** Operands x; random bits, the least of them that keeps, and the scale. */
  DROPOUT(1) {
    @Override
    List<Operand<TFloat32>> gradients(
        Ops tf, List<Operand<?>> operands, Operand<TFloat32> gradient) {
      return List.of(Dropout.gradient(tf, operands, gradient));
    }
  },
  /** Operands x, γ, β; μ and 1/√(σ² + ε). */
  LAYER_NORM(3) {
    @Override
    List<Operand<TFloat32>> gradients(
        Ops tf, List<Operand<?>> operands, Operand<TFloat32> gradient) {
      return LayerNorm.gradients(
          tf,
          floats(operands.get(0)),
          floats(operands.get(1)),
          floats(operands.get(3)),
          floats(operands.get(4)),
          gradient);
    }
  };

  /** Attribute of the value, and of the IdentityN: the name of one of these. */
  public static final String FUNCTION = "_custom_gradient";

  /** Attribute of the value: its operands, each the name of an operation and an output's number. */
  public static final String OPERANDS = "_custom_gradient_operands";

  /** Attribute of the value: the operands' types. */
  public static final String TYPES = "_custom_gradient_types";

  static {
    TensorFlow.registerCustomGradient(
        IdentityN.Inputs.class,
        (tf, inputs, gradients) -> {
          GraphOperation operation = (GraphOperation) inputs.getOutputs().op();
          CustomGradient function = valueOf(operation.attributes().getAttrString(FUNCTION));
          List<Operand<?>> operands = new ArrayList<>();
          Iterables.skip(inputs.input, 1).forEach(operands::add);
          return function.ofInputs(tf, operands, floats(gradients.get(0)));
        });
  }

  private final int numDifferentiable;

  CustomGradient(int numDifferentiable) {
    this.numDifferentiable = numDifferentiable;
  }

  /** How many of the operands, from the first, have a gradient. */
  public int numDifferentiable() {
    return numDifferentiable;
  }

  /**
   * Marks a value as that of the function.
   *
   * @param operands in the order of the function
   * @return the value
   */
  Operand<TFloat32> of(Ops tf, Operand<TFloat32> value, Operand<?>... operands) {
    OperationBuilder builder =
        tf.scope().opBuilder(Identity.OP_NAME, "function").addInput(value.asOutput());
    return builder
        .setAttr(FUNCTION, name())
        .setAttr(
            OPERANDS,
            Arrays.stream(operands).map(CustomGradient::outputName).toArray(String[]::new))
        .setAttr(
            TYPES,
            Arrays.stream(operands)
                .map(operand -> operand.asOutput().dataType())
                .toArray(DataType[]::new))
        .build()
        .output(0);
  }

  /**
   * Gradients with respect to the differentiable operands.
   *
   * @param gradient with respect to the value, of its shape
   */
  abstract List<Operand<TFloat32>> gradients(
      Ops tf, List<Operand<?>> operands, Operand<TFloat32> gradient);

  /** One for every input of the IdentityN; nothing reads those that are not differentiable. */
  private List<Operand<?>> ofInputs(Ops tf, List<Operand<?>> operands, Operand<TFloat32> gradient) {
    // Else it would be computed as soon as the operands are there, and be kept from then on.
    Ops whenNeeded = tf.withControlDependencies(List.<Op>of(gradient::op));
    Operand<TFloat32> unread = tf.constant(0f);
    List<Operand<?>> all = new ArrayList<>();
    all.add(unread);
    all.addAll(gradients(whenNeeded, operands, gradient));
    Stream.generate(() -> unread).limit(operands.size() + 1L - all.size()).forEach(all::add);
    return all;
  }

  private static String outputName(Operand<?> operand) {
    Output<?> output = operand.asOutput();
    return output.op().name() + ":" + output.index();
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloat32> floats(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }
}
