package org.tiedbert.optim;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Clipping by the norm of all gradients taken as one vector (Pascanu et al. 2013): every gradient
 * is multiplied by min(1, maxNorm/‖g‖), so their direction stays.
 *
 * @param maxNorm above 0
 */
public record GlobalNormClip(double maxNorm) {
  public GlobalNormClip {
    if (!(maxNorm > 0) || Double.isInfinite(maxNorm)) {
      throw new IllegalArgumentException("maxNorm must be above 0, got %s".formatted(maxNorm));
    }
  }

  /**
   * What to multiply gradients by. A gradient that is not finite shows in the norm, which is then
   * not finite either.
   *
   * @param globalNorm float32 scalar ‖g‖ before clipping
   * @param scale float32 scalar in [0, 1]
   */
  public record Clip(Operand<TFloat32> globalNorm, Operand<TFloat32> scale) {}

  /**
   * Measures the gradients; the caller multiplies each by the scale.
   *
   * @param gradients float32 of any shapes, at least one
   */
  public Clip of(Ops tf, List<? extends Operand<TFloat32>> gradients) {
    if (gradients.isEmpty()) {
      throw new IllegalArgumentException("there is no gradient to clip, at least one is needed");
    }
    List<Operand<TFloat32>> halfSquares = new ArrayList<>();
    for (Operand<TFloat32> gradient : gradients) {
      halfSquares.add(tf.nn.l2Loss(gradient)); // Σ g²/2
    }
    // One AddN would add them in another order each time: it begins with whichever it may
    // overwrite.
    Operand<TFloat32> halfSquare = tf.sum(tf.stack(halfSquares), tf.constant(0));
    Operand<TFloat32> globalNorm = tf.math.sqrt(tf.math.mul(tf.constant(2f), halfSquare));
    Operand<TFloat32> scale =
        tf.math.minimum(tf.constant(1f), tf.math.div(tf.constant((float) maxNorm), globalNorm));
    return new Clip(globalNorm, scale);
  }
}
