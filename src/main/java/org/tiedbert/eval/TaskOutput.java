package org.tiedbert.eval;

import java.util.List;

/** What a task asks for, and so what the head on the pooler has to give. */
public sealed interface TaskOutput {
  /** Outputs of the head for one input. */
  int numOutputs();

  /** One of several classes; a target is the index of one, the loss cross entropy. */
  record Classes(List<String> labels) implements TaskOutput {
    public Classes {
      labels = List.copyOf(labels);
    }

    @Override
    public int numOutputs() {
      return labels.size();
    }
  }

  /** A number; a target is one, the loss the mean squared error. */
  record Score(String name, double lowest, double highest) implements TaskOutput {
    @Override
    public int numOutputs() {
      return 1;
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
  }
}
