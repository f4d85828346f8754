package org.tiedbert.eval;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.checkpoint.Labels;
import org.tiedbert.loss.CrossEntropy;

/**
 * What a task asks for: what the head on the pooler gives, what its loss is and what is predicted
 * (Devlin et al. 2018, section 4). Dimensions: E examples, I inputs of each, C outputs of the head.
 */
public sealed interface TaskOutput {
  /** C, outputs of the head for one input. */
  int numOutputs();

  /** I, inputs of one example. */
  default int numInputs() {
    return 1;
  }

  /** What the head's outputs stand for. */
  Labels labels();

  /**
   * Mean loss of a batch.
   *
   * @param logits float32 [E·I, C]
   * @param targets float32 [E]
   * @return float32 scalar
   */
  Operand<TFloat32> loss(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets);

  /**
   * What the head's outputs for one example predict: the index of a class or choice, or a score.
   *
   * @param logits [I·C]
   */
  double prediction(float[] logits);

  /**
   * A label in a file as a target.
   *
   * @throws IllegalArgumentException if it is none, saying what it must be
   */
  double target(String label);

  /**
   * A target or a prediction as people write it: a class's label, the number of a choice from 1.
   */
  String inWords(double value);

  /** One of several classes; a target is the index of one, the loss cross entropy in nats. */
  record Classes(List<String> names) implements TaskOutput {
    public Classes {
      names = List.copyOf(names);
    }

    @Override
    public int numOutputs() {
      return names.size();
    }

    @Override
    public Labels labels() {
      return new Labels(names);
    }

    @Override
    public Operand<TFloat32> loss(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
      return meanCrossEntropy(tf, logits, targets);
    }

    @Override
    public double prediction(float[] logits) {
      return largest(logits);
    }

    @Override
    public double target(String label) {
      int index = names.indexOf(label);
      if (index < 0) {
        throw new IllegalArgumentException("must be one of %s".formatted(names));
      }
      return index;
    }

    @Override
    public String inWords(double value) {
      return names.get((int) value);
    }
  }

  /**
   * A number; a target is one, the loss the mean squared error.
   *
   * @param lowest the least that a target can be; both bounds are infinite where there are none
   * @param highest the most
   */
  record Score(String name, double lowest, double highest) implements TaskOutput {
    @Override
    public int numOutputs() {
      return 1;
    }

    @Override
    public Labels labels() {
      return new Labels(List.of(name));
    }

    @Override
    public Operand<TFloat32> loss(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
      Operand<TFloat32> predicted = tf.reshape(logits, tf.array(-1)); // [E]
      return tf.math.mean(tf.math.squaredDifference(predicted, targets), tf.constant(0));
    }

    @Override
    public double prediction(float[] logits) {
      return logits[0];
    }

    @Override
    public double target(String label) {
      double target = Double.NaN;
      try {
        target = Double.parseDouble(label);
      } catch (NumberFormatException e) {
        // said below
      }
      if (!Double.isFinite(target) || target < lowest || target > highest) {
        throw new IllegalArgumentException(
            Double.isInfinite(lowest)
                ? "must be a number"
                : "must be a number from %s to %s".formatted(lowest, highest));
      }
      return target;
    }

    @Override
    public String inWords(double value) {
      return Double.toString(value);
    }
  }

  /**
   * The right one of several inputs; a target is its index, the loss cross entropy over the inputs'
   * single outputs.
   */
  record Choices(int numChoices) implements TaskOutput {
    @Override
    public int numOutputs() {
      return 1;
    }

    @Override
    public int numInputs() {
      return numChoices;
    }

    @Override
    public Labels labels() {
      return new Labels(List.of("choice"));
    }

    @Override
    public Operand<TFloat32> loss(Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
      return meanCrossEntropy(tf, tf.reshape(logits, tf.array(-1, numChoices)), targets);
    }

    @Override
    public double prediction(float[] logits) {
      return largest(logits);
    }

    @Override
    public double target(String label) {
      for (int choice = 0; choice < numChoices; choice++) {
        if (label.equals(Integer.toString(choice))) {
          return choice;
        }
      }
      throw new IllegalArgumentException(
          "must be the number of a choice, from 0 to %d".formatted(numChoices - 1));
    }

    @Override
    public String inWords(double value) {
      return Integer.toString(1 + (int) value);
    }
  }

  private static Operand<TFloat32> meanCrossEntropy(
      Ops tf, Operand<TFloat32> logits, Operand<TFloat32> targets) {
    Operand<TInt32> labels = tf.dtypes.cast(targets, TInt32.class); // [E]
    return tf.math.mean(CrossEntropy.of(tf, logits, labels), tf.constant(0));
  }

  /** The first one of equals. */
  private static int largest(float[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }
}
