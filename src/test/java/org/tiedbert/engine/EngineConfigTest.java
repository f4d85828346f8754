package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EngineConfigTest {
  @Test
  void refusesFewerThreadsThanNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new EngineConfig(Precision.FLOAT32, XlaMode.OFF, EngineConfig.Device.CPU, -1))
        .withMessage("numThreads must be at least 0, got -1");
  }

  @Test
  void refusesToComputeAgainWhatACompilerPlans() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new EngineConfig(Precision.FLOAT32, XlaMode.FULL, EngineConfig.Device.CPU, 1, true))
        .withMessageStartingWith("recompute and xla: full do not go together");
  }
}
