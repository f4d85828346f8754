package org.tiedbert.eval;

import java.util.List;

/** What a task asks for, and so what the head on the pooler has to give. */
public sealed interface TaskOutput {
  /** Outputs of the head for one input. */
  int numOutputs();

  /**
   * A prediction or a target as people write it: a class's label, the number of a choice from 1.
   */
  String inWords(double value);

  /** One of several classes; a target is the index of one, the loss cross entropy. */
  record Classes(List<String> labels) implements TaskOutput {
    public Classes {
      labels = List.copyOf(labels);
    }

    @Override
    public int numOutputs() {
      return labels.size();
    }

    @Override
    public String inWords(double value) {
      return labels.get((int) value);
    }
  }

  /** A number; a target is one, the loss the mean squared error. */
  record Score(String name, double lowest, double highest) implements TaskOutput {
    @Override
    public int numOutputs() {
      return 1;
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
    public String inWords(double value) {
      return Integer.toString((int) value + 1);
    }
  }
}
