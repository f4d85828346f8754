package org.tiedbert.stage;

/**
 * Which parameters a stage trains; the others are frozen. A set says what may train: parameters
 * that the loss does not reach (the pooler and {@code cls/seq_relationship} without NSP) are for
 * the caller to leave out.
 */
public sealed interface TrainableSet {

  /**
   * @param parameterName a parameter that exists in the stage, by its path
   */
  boolean contains(String parameterName);

  /** All parameters. */
  record Everything() implements TrainableSet {
    @Override
    public boolean contains(String parameterName) {
      return true;
    }
  }

  /**
   * The layers from {@code firstNewLayer} on and the output layer: the heads under {@code cls/} and
   * {@code bert/pooler/}, which belongs to the next-sentence head. Embeddings, also where they are
   * the tied output matrix, and lower layers are frozen.
   */
  record NewLayersAndOutput(int firstNewLayer) implements TrainableSet {
    public NewLayersAndOutput {
      if (firstNewLayer < 0) {
        throw new IllegalArgumentException(
            "firstNewLayer must be at least 0, got %d".formatted(firstNewLayer));
      }
    }

    @Override
    public boolean contains(String parameterName) {
      return LayerName.of(parameterName)
          .map(name -> name.layer() >= firstNewLayer)
          .orElse(parameterName.startsWith("cls/") || parameterName.startsWith("bert/pooler/"));
    }
  }
}
