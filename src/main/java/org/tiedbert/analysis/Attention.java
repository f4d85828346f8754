package org.tiedbert.analysis;

import java.util.List;

/**
 * Attention over one text: from each token a distribution over all tokens, for every layer and
 * head. Layers and heads are counted from 1, as people name them; tokens from 0.
 */
public final class Attention {
  private final List<String> tokens;
  private final int numLayers;
  private final int numHeads;
  private final float[] probs;

  /**
   * @param probs float32 [L, N, S, S], each row a distribution
   */
  Attention(List<String> tokens, int numLayers, int numHeads, float[] probs) {
    this.tokens = List.copyOf(tokens);
    this.numLayers = numLayers;
    this.numHeads = numHeads;
    this.probs = probs;
  }

  /** The S tokens, as the vocabulary spells them. */
  public List<String> tokens() {
    return tokens;
  }

  public int numLayers() {
    return numLayers;
  }

  public int numHeads() {
    return numHeads;
  }

  /** How much of a token's attention goes to another. */
  public float at(int layer, int head, int from, int to) {
    int size = tokens.size();
    return probs[(((layer - 1) * numHeads + head - 1) * size + from) * size + to];
  }

  /** One head's map, [S][S]: rows attend, columns are attended. */
  public double[][] map(int layer, int head) {
    int size = tokens.size();
    double[][] map = new double[size][size];
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        map[from][to] = at(layer, head, from, to);
      }
    }
    return map;
  }
}
