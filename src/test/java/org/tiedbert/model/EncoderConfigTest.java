package org.tiedbert.model;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EncoderConfigTest {
  @Test
  void headsShareTheHiddenSize() {
    assertEquals(64, new EncoderConfig(9, 8, 2, 768, 12, 12, 3072, 0.1, 0.1, 0.02).headSize());
  }

  @Test
  void growsByLayersAlone() {
    EncoderConfig three = new EncoderConfig(9, 8, 2, 16, 3, 4, 28, 0.1, 0.2, 0.02);
    assertEquals(
        new EncoderConfig(9, 8, 2, 16, 6, 4, 28, 0.1, 0.2, 0.02), three.withNumHiddenLayers(6));
  }

  @Test
  void refusesWhatCannotBe() {
    requireRefused(
        "vocabSize must be at least 1, got 0",
        () -> new EncoderConfig(0, 8, 2, 16, 3, 4, 28, 0.1, 0.2, 0.02));
    requireRefused(
        "numHiddenLayers must be at least 1, got 0",
        () -> new EncoderConfig(9, 8, 2, 16, 0, 4, 28, 0.1, 0.2, 0.02));
    requireRefused(
        "hiddenSize must be a multiple of numAttentionHeads, got 16 and 3",
        () -> new EncoderConfig(9, 8, 2, 16, 3, 3, 28, 0.1, 0.2, 0.02));
    requireRefused(
        "hiddenSize and intermediateSize must multiply to a matrix of at most 2,147,483,647"
            + " elements, got 16 by 200,000,000",
        () -> new EncoderConfig(9, 8, 2, 16, 3, 4, 200_000_000, 0.1, 0.2, 0.02));
    requireRefused(
        "hiddenDropoutProb is the probability of dropping and must lie in [0, 1), got 1.0",
        () -> new EncoderConfig(9, 8, 2, 16, 3, 4, 28, 1, 0.2, 0.02));
    requireRefused(
        "attentionDropoutProb is the probability of dropping and must lie in [0, 1), got NaN",
        () -> new EncoderConfig(9, 8, 2, 16, 3, 4, 28, 0.1, Double.NaN, 0.02));
    requireRefused(
        "initializerRange must lie between 0 and 1, got 0.0",
        () -> new EncoderConfig(9, 8, 2, 16, 3, 4, 28, 0.1, 0.2, 0));
  }

  private static void requireRefused(String message, Runnable config) {
    assertThatIllegalArgumentException().isThrownBy(config::run).withMessage(message);
  }
}
