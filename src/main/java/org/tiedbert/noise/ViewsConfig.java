package org.tiedbert.noise;

import java.util.List;

/**
 * How each view of a batch is noised: two views for Semantic-Augment, one for plain BERT.
 *
 * @param views one or two
 * @param maxPredictionsPerSeq P, the most tokens predicted in a sequence; at least 1
 */
public record ViewsConfig(List<Noise> views, int maxPredictionsPerSeq) {
  public ViewsConfig {
    views = List.copyOf(views);
    if (views.isEmpty() || views.size() > 2) {
      throw new IllegalArgumentException("views must be one or two, got " + views.size());
    }
    if (maxPredictionsPerSeq < 1) {
      throw new IllegalArgumentException(
          "maxPredictionsPerSeq must be at least 1, got " + maxPredictionsPerSeq);
    }
  }
}
