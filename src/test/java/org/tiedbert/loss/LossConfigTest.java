package org.tiedbert.loss;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LossConfigTest {
  @Test
  void refusesATiedWeightThatIsNoWeight() {
    for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LossConfig(weight, FeatureLevel.CLS, false))
          .withMessage("tiedWeight must be a finite number of at least 0, got " + weight);
    }
  }
}
