package org.tiedbert.loss;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Counts over the whole global batch that the loss's sums are divided by, as one vector so that a
 * run of the graph can be fed those of the micro-batches together. A count of 0 divides as 1: its
 * sum is 0 too. Dimensions: B sequences, V views, P predictions, S tokens.
 *
 * @param vector float32 [V + 2]: predictions of each view, real tokens, sequences
 * @param numViews V
 */
public record Denominators(Operand<TFloat32> vector, int numViews) {

  /**
   * The counts of one run's own sequences.
   *
   * @param weights float32 [B, V, P]; 1 for predicted positions, 0 for unused slots
   * @param real float32 [B, S]; 1 for real tokens, 0 for padding
   */
  public static Denominators count(
      Ops tf, Operand<TFloat32> weights, Operand<TFloat32> real, int numViews) {
    Operand<TFloat32> predictions = tf.reduceSum(weights, tf.array(0, 2)); // [V]
    Operand<TFloat32> tokensPerSequence = tf.reduceSum(real, tf.constant(1)); // [B]
    Operand<TFloat32> realTokens = tf.reduceSum(tokensPerSequence, tf.constant(0));
    // A sequence that is all padding fills up a last batch and does not count.
    Operand<TFloat32> sequences =
        tf.reduceSum(tf.math.minimum(tokensPerSequence, tf.constant(1f)), tf.constant(0));
    List<Operand<TFloat32>> parts = new ArrayList<>();
    parts.add(predictions);
    parts.add(tf.expandDims(realTokens, tf.constant(0)));
    parts.add(tf.expandDims(sequences, tf.constant(0)));
    return new Denominators(tf.concat(parts, tf.constant(0)), numViews);
  }

  /** The same, read from another vector. */
  public Denominators withVector(Operand<TFloat32> other) {
    return new Denominators(other, numViews);
  }

  /** float32 [V], the number of predictions of each view. */
  Operand<TFloat32> predictions(Ops tf) {
    return atLeastOne(tf, tf.slice(vector, tf.array(0), tf.array(numViews)));
  }

  Operand<TFloat32> realTokens(Ops tf) {
    return scalar(tf, numViews);
  }

  Operand<TFloat32> sequences(Ops tf) {
    return scalar(tf, numViews + 1);
  }

  private Operand<TFloat32> scalar(Ops tf, int index) {
    Operand<TFloat32> one = tf.slice(vector, tf.array(index), tf.array(1));
    return atLeastOne(tf, tf.squeeze(one));
  }

  private static Operand<TFloat32> atLeastOne(Ops tf, Operand<TFloat32> count) {
    return tf.math.maximum(count, tf.constant(1f));
  }
}
