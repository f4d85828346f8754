package org.tiedbert.model;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Identity;
import org.tensorflow.op.core.IdentityN;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * Functions whose gradients are written out here. What TensorFlow would put together from the
 * gradients of their single operations is the same, but keeps the results of most of these until
 * the backward pass; these say themselves what is kept.
 *
 * <p>A function's value is an Identity with attributes, which mean nothing to a graph that only
 * runs forward. The engine's pass of the same name turns it into an IdentityN of the value, the
 * inputs and what is kept, before gradients are taken: for that operation they are registered here.
 */
public enum CustomGradient {
  /** Input x; kept: the slope. */
  GELU(1, true) {
    @Override
    List<? extends Operand<?>> gradients(
        Ops tf, List<Operand<?>> kept, Operand<TFloat32> gradient) {
      return List.of(Gelu.gradient(tf, numbers(kept.get(0)), gradient));
    }
  },
  /** Input x; kept: which elements are, and the scale. */
  DROPOUT(1, false) {
    @Override
    List<? extends Operand<?>> gradients(
        Ops tf, List<Operand<?>> kept, Operand<TFloat32> gradient) {
      Operand<TBool> elements = typed(after(tf, gradient, kept.get(0)));
      return List.of(tf.math.mul(gradient, Dropout.mask(tf, elements, typed(kept.get(1)))));
    }
  },
  /** Inputs x, γ, β; kept: γ, x̂ and 1/√(σ² + ε). */
  LAYER_NORM(3, false) {
    @Override
    List<? extends Operand<?>> gradients(
        Ops tf, List<Operand<?>> kept, Operand<TFloat32> gradient) {
      return LayerNorm.gradients(
          tf, typed(kept.get(0)), typed(kept.get(1)), typed(kept.get(2)), gradient);
    }
  },
  /** Input: the scores; kept: the probabilities. */
  SOFTMAX(1, true) {
    @Override
    List<? extends Operand<?>> gradients(
        Ops tf, List<Operand<?>> kept, Operand<TFloat32> gradient) {
      Operand<TFloat32> probs = inFloat32(tf, after(tf, gradient, kept.get(0)));
      return List.of(SelfAttention.softmaxGradient(tf, probs, gradient));
    }
  },
  /** Input: logits z [M, C]; kept: their softmax, where labels are in it [M, 2], and the value. */
  CROSS_ENTROPY(1, true) {
    @Override
    List<? extends Operand<?>> gradients(
        Ops tf, List<Operand<?>> kept, Operand<TFloat32> gradient) {
      return List.of(
          crossEntropy(tf, numbers(kept.get(0)), typed(kept.get(1)), typed(kept.get(2)), gradient));
    }

    /** ∂L/∂z = ∂L/∂CE·(softmax(z) − y): at the label, where that is p − 1, expm1(−CE). */
    private <T extends TNumber> Operand<T> crossEntropy(
        Ops tf,
        Operand<T> probs,
        Operand<TInt32> labels,
        Operand<TFloat32> value,
        Operand<TFloat32> gradient) {
      Operand<T> perRow =
          tf.dtypes.cast(tf.expandDims(gradient, tf.constant(-1)), probs.type()); // [M, 1]
      Operand<TFloat32> ofLabel = tf.math.mul(gradient, tf.math.expm1(tf.math.neg(value))); // [M]
      return tf.tensorScatterNdUpdate(
          tf.math.mul(probs, perRow), labels, tf.dtypes.cast(ofLabel, probs.type()));
    }
  };

  /** Attribute of the value, and of the IdentityN: the name of one of these. */
  public static final String FUNCTION = "_custom_gradient";

  /**
   * Attribute of the value: the inputs and then what is kept, each the name of an operation and an
   * output's number.
   */
  public static final String OPERANDS = "_custom_gradient_operands";

  /** Attribute of the value: the operands' types. */
  public static final String TYPES = "_custom_gradient_types";

  /** Attribute of an IdentityN: its first input is to be read only once the second is there. */
  public static final String AFTER = "_custom_gradient_after";

  static {
    TensorFlow.registerCustomGradient(
        IdentityN.Inputs.class,
        (tf, inputs, gradients) -> {
          GraphOperation operation = (GraphOperation) inputs.getOutputs().op();
          CustomGradient function = valueOf(operation.attributes().getAttrString(FUNCTION));
          List<Operand<?>> operands = new ArrayList<>();
          Iterables.skip(inputs.input, 1).forEach(operands::add);
          return function.ofOperands(tf, operands, typed(gradients.get(0)));
        });
  }

  private final int numInputs;
  private final boolean isRounded;

  /**
   * @param isRounded whether the first of what is kept may be rounded to bfloat16 where products
   *     take bfloat16: the gradients go to such products next, and to sums over rows
   */
  CustomGradient(int numInputs, boolean isRounded) {
    this.numInputs = numInputs;
    this.isRounded = isRounded;
  }

  /** How many of the operands, from the first, are inputs: these have a gradient. */
  public int numInputs() {
    return numInputs;
  }

  /** Whether the first of what is kept may be rounded to bfloat16 where products take that. */
  public boolean isRounded() {
    return isRounded;
  }

  /**
   * Marks a value as that of the function.
   *
   * @param inputs in the order of the function
   * @param kept until the gradient is computed, in the order of the function
   * @return the value
   */
  public Operand<TFloat32> of(
      Ops tf, Operand<TFloat32> value, List<Operand<TFloat32>> inputs, Operand<?>... kept) {
    List<Operand<?>> operands = new ArrayList<>(inputs);
    operands.addAll(List.of(kept));
    return tf.scope()
        .opBuilder(Identity.OP_NAME, "function")
        .addInput(value.asOutput())
        .setAttr(FUNCTION, name())
        .setAttr(OPERANDS, operands.stream().map(CustomGradient::outputName).toArray(String[]::new))
        .setAttr(
            TYPES,
            operands.stream()
                .map(operand -> operand.asOutput().dataType())
                .toArray(DataType[]::new))
        .build()
        .output(0);
  }

  /**
   * Gradients with respect to the inputs, each float32 or of the type of what is kept.
   *
   * @param gradient with respect to the value, of its shape
   */
  abstract List<? extends Operand<?>> gradients(
      Ops tf, List<Operand<?>> kept, Operand<TFloat32> gradient);

  /** One for every input of the IdentityN, whose first is the value; not all are read. */
  private List<Operand<?>> ofOperands(
      Ops tf, List<Operand<?>> operands, Operand<TFloat32> gradient) {
    List<? extends Operand<?>> gradients =
        gradients(tf, operands.subList(numInputs, operands.size()), gradient);
    Operand<TFloat32> unread = tf.constant(0f);
    List<Operand<?>> all = new ArrayList<>();
    all.add(unread);
    for (int i = 0; i < numInputs; i++) {
      all.add(cast(tf, gradients.get(i), operands.get(i)));
    }
    Stream.generate(() -> unread).limit(operands.size() + 1L - all.size()).forEach(all::add);
    return all;
  }

  /**
   * The same operand, but only once the gradient is there: what is made of it would else be made as
   * soon as it is there itself, and be kept from then on.
   */
  private static Operand<?> after(Ops tf, Operand<TFloat32> gradient, Operand<?> operand) {
    return tf.scope()
        .opBuilder(IdentityN.OP_NAME, "after")
        .addInputList(new Output<?>[] {operand.asOutput(), gradient.asOutput()})
        .setAttr(AFTER, true)
        .build()
        .output(0);
  }

  private static Operand<?> cast(Ops tf, Operand<?> operand, Operand<?> like) {
    Class<? extends TType> type = like.asOutput().type();
    return operand.asOutput().type().equals(type) ? operand : tf.dtypes.cast(operand, type);
  }

  private static Operand<TFloat32> inFloat32(Ops tf, Operand<?> operand) {
    return operand.asOutput().dataType() == DataType.DT_FLOAT
        ? typed(operand)
        : tf.dtypes.cast(operand, TFloat32.class);
  }

  private static String outputName(Operand<?> operand) {
    Output<?> output = operand.asOutput();
    return output.op().name() + ":" + output.index();
  }

  @SuppressWarnings("unchecked")
  private static Operand<? extends TNumber> numbers(Operand<?> operand) {
    return (Operand<? extends TNumber>) operand;
  }

  @SuppressWarnings("unchecked")
  private static <T extends TType> Operand<T> typed(Operand<?> operand) {
    return (Operand<T>) operand;
  }
}
