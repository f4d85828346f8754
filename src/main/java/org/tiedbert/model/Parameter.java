package org.tiedbert.model;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TType;

/**
 * One trained tensor, a resource variable in the graph.
 *
 * @param name path in google-research/bert's scheme, also the variable's shared name
 * @param shape static shape
 * @param initialization what it starts from
 * @param handle the resource
 * @param value float32, what the graph reads; gradients are taken with respect to it
 */
public record Parameter(
    String name,
    Shape shape,
    Initialization initialization,
    Operand<TType> handle,
    Operand<TFloat32> value) {

  /** What a parameter starts from. */
  public enum Initialization {
    /** Normal with mean 0 and standard deviation initializerRange, cut at two deviations. */
    TRUNCATED_NORMAL,
    ZEROS,
    ONES
  }

  /** The same parameter in a graph that was rewritten from this one's. */
  public Parameter in(Graph rewritten) {
    return new Parameter(
        name,
        shape,
        initialization,
        rewritten.operationOrThrow(handle.op().name()).output(0),
        rewritten.operationOrThrow(value.op().name()).output(0));
  }
}
