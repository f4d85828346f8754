package org.tiedbert.optim;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.types.TFloat32;

/** Gradients of a scalar with respect to an explicit list of operands; nothing else is found. */
public final class Gradients {
  private Gradients() {}

  /**
   * ∂loss/∂x for each x, in the given order. Only what lies between the loss and the given operands
   * is differentiated.
   *
   * @param loss float32 scalar
   * @return float32, each of the shape of its operand
   * @throws IllegalStateException if the loss does not depend on one of them
   */
  public static List<Operand<TFloat32>> of(
      Graph graph, Operand<TFloat32> loss, List<Operand<TFloat32>> operands) {
    Output<?>[] xs = operands.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
    Output<?>[] gradients;
    try {
      gradients = graph.addGradients(loss.asOutput(), xs);
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the loss has no gradient for each of the %d operands: %s"
              .formatted(xs.length, e.getMessage()),
          e);
    }
    List<String> missing =
        IntStream.range(0, xs.length)
            .filter(i -> gradients[i] == null)
            .mapToObj(i -> xs[i].op().name())
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException("the loss does not depend on " + missing);
    }
    return Stream.of(gradients).<Operand<TFloat32>>map(Gradients::floats).toList();
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloat32> floats(Output<?> output) {
    return (Output<TFloat32>) output;
  }
}
