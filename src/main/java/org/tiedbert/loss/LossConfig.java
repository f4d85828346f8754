package org.tiedbert.loss;

/**
 * What the training minimises.
 *
 * @param tiedWeight w, dimensionless and at least 0; 0 leaves two views untied (batch augmentation)
 * @param featureLevel where the views are tied
 * @param nextSentence whether BERT's next-sentence prediction is added
 */
public record LossConfig(double tiedWeight, FeatureLevel featureLevel, boolean nextSentence) {
  public LossConfig {
    if (!(tiedWeight >= 0 && tiedWeight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "tiedWeight must be a finite number of at least 0, got " + tiedWeight);
    }
  }
}
