package org.tiedbert.stage;

import org.tiedbert.optim.LearningRate;

/** What the learning rate does after its warm-up. */
public sealed interface Decay {

  LearningRate over(double peak, long warmupSteps, long totalSteps);

  /** Straight to 0, as BERT. */
  record Linear() implements Decay {
    @Override
    public LearningRate over(double peak, long warmupSteps, long totalSteps) {
      return new LearningRate.WarmupLinearDecay(peak, warmupSteps, totalSteps);
    }
  }

  /** To {@code end}, a learning rate, by a power of the share of steps left. */
  record Polynomial(double power, double end) implements Decay {
    @Override
    public LearningRate over(double peak, long warmupSteps, long totalSteps) {
      return new LearningRate.WarmupPolynomialDecay(peak, warmupSteps, totalSteps, power, end);
    }
  }

  /** Half a cosine to 0. */
  record Cosine() implements Decay {
    @Override
    public LearningRate over(double peak, long warmupSteps, long totalSteps) {
      return new LearningRate.WarmupCosineDecay(peak, warmupSteps, totalSteps);
    }
  }

  /** None. */
  record Constant() implements Decay {
    @Override
    public LearningRate over(double peak, long warmupSteps, long totalSteps) {
      return new LearningRate.WarmupConstant(peak, warmupSteps);
    }
  }
}
