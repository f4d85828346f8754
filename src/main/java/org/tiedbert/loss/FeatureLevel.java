package org.tiedbert.loss;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;

/**
 * Which features the two views are tied at. The paper's three levels, each a mean of squared
 * differences over all elements. Dimensions: B sequences, S tokens, H hidden.
 */
public enum FeatureLevel {
  /** The first token's features: B·H elements. */
  CLS {
    @Override
    Operand<TFloat32> meanSquare(
        Ops tf, Operand<TFloat32> difference, Operand<TFloat32> real, Denominators denominators) {
      Operand<TFloat32> first =
          tf.slice(difference, tf.array(0, 0, 0), tf.array(-1, 1, -1)); // [B, 1, H]
      Operand<TFloat32> counted =
          tf.slice(real, tf.array(0, 0), tf.array(-1, 1)); // [B, 1], 0 if all is padding
      Operand<TFloat32> kept = tf.math.mul(first, tf.expandDims(counted, tf.constant(-1)));
      return perElement(tf, kept, denominators.sequences(tf), hiddenSize(difference));
    }
  },

  /** Every real token's features, padding alone left out: (number of real tokens)·H elements. */
  WORD {
    @Override
    Operand<TFloat32> meanSquare(
        Ops tf, Operand<TFloat32> difference, Operand<TFloat32> real, Denominators denominators) {
      Operand<TFloat32> kept = tf.math.mul(difference, tf.expandDims(real, tf.constant(-1)));
      return perElement(tf, kept, denominators.realTokens(tf), hiddenSize(difference));
    }
  },

  /** The mean of the real tokens' features, taken before the difference: B·H elements. */
  SENTENCE {
    @Override
    Operand<TFloat32> meanSquare(
        Ops tf, Operand<TFloat32> difference, Operand<TFloat32> real, Denominators denominators) {
      // The mean is linear, so the difference of the means is the mean of the differences.
      Operand<TFloat32> weights = tf.expandDims(real, tf.constant(-1)); // [B, S, 1]
      Operand<TFloat32> sum =
          tf.reduceSum(tf.math.mul(difference, weights), tf.constant(1)); // [B, H]
      Operand<TFloat32> count =
          tf.math.maximum(
              tf.reduceSum(real, tf.constant(1), ReduceSum.keepDims(true)),
              tf.constant(1f)); // [B, 1]
      return perElement(
          tf, tf.math.div(sum, count), denominators.sequences(tf), hiddenSize(difference));
    }
  };

  /**
   * MSE(f₁, f₂) at this level.
   *
   * @param features two of float32 [B, S, H]
   * @param real float32 [B, S]; 1 for real tokens, 0 for padding
   * @return float32 scalar
   */
  Operand<TFloat32> meanSquaredError(
      Ops tf, List<Operand<TFloat32>> features, Operand<TFloat32> real, Denominators denominators) {
    Operand<TFloat32> difference = tf.math.sub(features.get(0), features.get(1)); // [B, S, H]
    return meanSquare(tf, difference, real, denominators);
  }

  abstract Operand<TFloat32> meanSquare(
      Ops tf, Operand<TFloat32> difference, Operand<TFloat32> real, Denominators denominators);

  private static Operand<TFloat32> perElement(
      Ops tf, Operand<TFloat32> difference, Operand<TFloat32> count, long hiddenSize) {
    Operand<TFloat32> squares = tf.math.square(difference);
    Operand<TFloat32> sum = tf.reduceSum(tf.reshape(squares, tf.array(-1)), tf.constant(0));
    return tf.math.div(sum, tf.math.mul(count, tf.constant((float) hiddenSize)));
  }

  private static long hiddenSize(Operand<TFloat32> difference) {
    return difference.shape().get(2);
  }
}
