package org.tiedbert.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Adam's step direction in double precision, not by its recurrence but by what that stands for: m̂
 * = Σ wₛ·gₛ/Σ wₛ with wₛ = β^(t − s), and uncorrected (1 − β)·Σ wₛ·gₛ.
 */
final class DefinitionOfAdam {
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final boolean biasCorrection;
  private final List<float[]> gradients = new ArrayList<>();

  DefinitionOfAdam(double beta1, double beta2, double epsilon, boolean biasCorrection) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.biasCorrection = biasCorrection;
  }

  /** Four gradients of very different sizes. */
  static float[] gradient(Random random) {
    return new float[] {
      (float) random.nextGaussian(),
      (float) (random.nextGaussian() * 0.1),
      (float) (random.nextGaussian() * 1e-3),
      (float) (random.nextGaussian() * 10)
    };
  }

  void add(float[] gradient) {
    gradients.add(gradient);
  }

  /** r of value i after all gradients so far. */
  double direction(int i) {
    return average(i, beta1, 1) / (Math.sqrt(average(i, beta2, 2)) + epsilon);
  }

  private double average(int i, double beta, int power) {
    double sum = 0;
    double weights = 0;
    for (int s = 0; s < gradients.size(); s++) {
      double weight = Math.pow(beta, gradients.size() - 1 - s);
      sum += weight * Math.pow(gradients.get(s)[i], power);
      weights += weight;
    }
    return biasCorrection ? sum / weights : (1 - beta) * sum;
  }
}
