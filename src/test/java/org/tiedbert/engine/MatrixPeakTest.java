package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MatrixPeakTest {

  /**
   * No CPU core does more than 2 fused multiply-adds of 16 float32 each at some 6 GHz, 384 GFLOP/s:
   * a product that was folded into a constant would show far above it.
   */
  @Test
  void isAboveNothingAndBelowWhatCoresCanDo() {
    EngineConfig engine =
        new EngineConfig(Precision.FLOAT32, XlaMode.OFF, EngineConfig.Device.CPU, 0);
    double bound = 384e9 * Runtime.getRuntime().availableProcessors();
    assertThat(MatrixPeak.flopsPerSecond(engine)).isBetween(1e9, bound);
  }
}
