package org.tiedbert.model;

import org.tensorflow.Operand;
import org.tensorflow.framework.op.FrameworkOps;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * x·Φ(x) with the exact normal distribution function, (1 + erf(x/√2))/2 (Hendrycks 2016, eq. 1).
 */
final class Gelu {
  private Gelu() {}

  static Operand<TFloat32> of(Ops tf, Operand<TFloat32> x) {
    return FrameworkOps.create(tf).nn.gelu(x);
  }
}
