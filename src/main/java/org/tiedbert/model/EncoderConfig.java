package org.tiedbert.model;

/**
 * Shape and regularisation of one BERT encoder. Sizes are counts; probabilities are those of
 * <em>dropping</em> and lie in [0, 1).
 *
 * @param vocabSize rows of the word embeddings; the size of the vocabulary file
 * @param maxPositionEmbeddings the longest sequence the encoder can ever read
 * @param typeVocabSize number of segments, 2 in BERT
 * @param hiddenDropoutProb on embeddings and both sublayer outputs
 * @param attentionDropoutProb on attention probabilities
 * @param initializerRange standard deviation of the truncated normal that weights start from
 */
public record EncoderConfig(
    int vocabSize,
    int maxPositionEmbeddings,
    int typeVocabSize,
    int hiddenSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int intermediateSize,
    double hiddenDropoutProb,
    double attentionDropoutProb,
    double initializerRange) {

  /** Added to the variance in every LayerNorm of BERT. */
  public static final float LAYER_NORM_EPSILON = 1e-12f;

  public EncoderConfig {
    requirePositive("vocabSize", vocabSize);
    requirePositive("maxPositionEmbeddings", maxPositionEmbeddings);
    requirePositive("typeVocabSize", typeVocabSize);
    requirePositive("hiddenSize", hiddenSize);
    requirePositive("numHiddenLayers", numHiddenLayers);
    requirePositive("numAttentionHeads", numAttentionHeads);
    requirePositive("intermediateSize", intermediateSize);
    if (hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          "hiddenSize must be a multiple of numAttentionHeads, got %d and %d"
              .formatted(hiddenSize, numAttentionHeads));
    }
    requireMatrix("vocabSize and hiddenSize", vocabSize, hiddenSize);
    requireMatrix("maxPositionEmbeddings and hiddenSize", maxPositionEmbeddings, hiddenSize);
    requireMatrix("hiddenSize and hiddenSize", hiddenSize, hiddenSize);
    requireMatrix("hiddenSize and intermediateSize", hiddenSize, intermediateSize);
    requireProbability("hiddenDropoutProb", hiddenDropoutProb);
    requireProbability("attentionDropoutProb", attentionDropoutProb);
    if (!(initializerRange > 0 && initializerRange < 1)) {
      throw new IllegalArgumentException(
          "initializerRange must lie between 0 and 1, got " + initializerRange);
    }
  }

  /** D, the size of one attention head. */
  public int headSize() {
    return hiddenSize / numAttentionHeads;
  }

  /** The same encoder with another number of layers: a stage of a growing one. */
  public EncoderConfig withNumHiddenLayers(int layers) {
    return new EncoderConfig(
        vocabSize,
        maxPositionEmbeddings,
        typeVocabSize,
        hiddenSize,
        layers,
        numAttentionHeads,
        intermediateSize,
        hiddenDropoutProb,
        attentionDropoutProb,
        initializerRange);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + value);
    }
  }

  private static void requireMatrix(String names, long rows, long columns) {
    if (rows * columns > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s must multiply to a matrix of at most %,d elements, got %,d by %,d"
              .formatted(names, Integer.MAX_VALUE, rows, columns));
    }
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          name + " is the probability of dropping and must lie in [0, 1), got " + value);
    }
  }
}
