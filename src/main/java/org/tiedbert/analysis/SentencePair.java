package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Two texts whose features are compared. */
public record SentencePair(String first, String second) {
  /** So many at once, since the features of all layers take memory. */
  private static final int PAIRS_AT_ONCE = 512;

  /** Pairs to be written: which texts numbers are of. */
  public static Table table(List<SentencePair> pairs) {
    Table.Builder table = Table.of("first", "second");
    pairs.forEach(pair -> table.row(pair.first, pair.second));
    return table.build();
  }

  /**
   * The cosine of the sentence-level features of each pair, at every layer.
   *
   * @param progress told how many pairs are done
   * @return [L + 1][pairs], each in [−1, 1]
   */
  static double[][] cosines(LayerFeatures model, List<SentencePair> pairs, LongConsumer progress) {
    double[][] cosines = new double[model.numLayers() + 1][pairs.size()];
    for (int from = 0; from < pairs.size(); from += PAIRS_AT_ONCE) {
      int done = from;
      List<SentencePair> some = pairs.subList(from, Math.min(pairs.size(), from + PAIRS_AT_ONCE));
      List<String> texts = new ArrayList<>();
      some.forEach(pair -> texts.addAll(List.of(pair.first, pair.second)));
      float[][][] features = model.sentences(texts, t -> progress.accept(done + t / 2));
      for (int layer = 0; layer < cosines.length; layer++) {
        for (int i = 0; i < some.size(); i++) {
          cosines[layer][from + i] = cosine(features[layer][2 * i], features[layer][2 * i + 1]);
        }
      }
    }
    return cosines;
  }

  /** a·b / (|a|·|b|); 0 where one of them is zero. */
  static double cosine(float[] a, float[] b) {
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squareA += (double) a[i] * a[i];
      squareB += (double) b[i] * b[i];
    }
    double norms = Math.sqrt(squareA) * Math.sqrt(squareB);
    return norms == 0 ? 0 : Math.max(-1, Math.min(1, product / norms));
  }
}
