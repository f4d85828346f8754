package org.tiedbert.eval;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One labelled example.
 *
 * @param index its number in the file it comes from, as leaderboard files name it
 * @param inputs one, or one for each choice of a multiple-choice task
 * @param target the index of the class or of the right choice, or the score; empty where the file
 *     has no label
 */
public record Example(int index, List<TextPair> inputs, OptionalDouble target) {
  public Example {
    inputs = List.copyOf(inputs);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("an example needs at least one input, got none");
    }
  }
}
