package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tiedbert.chart.Axis;
import org.tiedbert.chart.HeatMap;
import org.tiedbert.chart.Panel;
import org.tiedbert.text.InputException;

/**
 * How alike the layers of one or two models attend (MSLT, figure 3): for two layers the mean over
 * sentences of the mean over heads h and tokens i of 1 − JSD(pₕᵢ, qₕᵢ). p and q are the
 * distributions of the two layers' heads of the same number over the tokens of the sentence, JSD
 * their Jensen-Shannon divergence with logarithms to base 2; so it is 1 where they are equal and 0
 * where they share no token. Heads are compared by number, since a layer that is stacked as a copy
 * of another starts with that one's heads in their places.
 *
 * @param first name of the model whose layers are the rows
 * @param second name of the model whose layers are the columns; may be the same
 * @param mean [layers of the first][layers of the second]
 * @param standardDeviation over sentences, with n − 1; NaN of a single one
 */
public record AttentionSimilarity(
    String first, String second, double[][] mean, double[][] standardDeviation, int numSentences) {
  private static final double LN_2 = Math.log(2);

  public AttentionSimilarity {
    mean = copy(mean);
    standardDeviation = copy(standardDeviation);
  }

  @Override
  public double[][] mean() {
    return copy(mean);
  }

  @Override
  public double[][] standardDeviation() {
    return copy(standardDeviation);
  }

  private static double[][] copy(double[][] matrix) {
    return Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
  }

  /** Collects sentences for two models, or for one twice. */
  public static final class Builder {
    private final String first;
    private final String second;
    private double[][] sum;
    private double[][] squares;
    private int numSentences;

    public Builder(String first, String second) {
      this.first = first;
      this.second = second;
    }

    /**
     * Adds a sentence.
     *
     * @throws InputException if the models have different numbers of heads or other tokens
     */
    public void add(Attention a, Attention b) {
      if (a.numHeads() != b.numHeads() || !a.tokens().equals(b.tokens())) {
        throw new InputException(
            "attention is compared head by head and token by token: %s has %d heads and %d tokens in"
                    .formatted(first, a.numHeads(), a.tokens().size())
                + " a sentence, %s has %d and %d; they must share heads and vocabulary"
                    .formatted(second, b.numHeads(), b.tokens().size()));
      }
      if (sum == null) {
        sum = new double[a.numLayers()][b.numLayers()];
        squares = new double[a.numLayers()][b.numLayers()];
      }
      numSentences++;
      for (int i = 0; i < a.numLayers(); i++) {
        for (int j = 0; j < b.numLayers(); j++) {
          double value = a == b && i == j ? 1 : similarity(a, i + 1, b, j + 1);
          sum[i][j] += value;
          squares[i][j] += value * value;
        }
      }
    }

    /** What came of all sentences, at least one. */
    public AttentionSimilarity build() {
      if (numSentences == 0) {
        throw new IllegalStateException("there must be a sentence, got none");
      }
      double[][] mean = new double[sum.length][sum[0].length];
      double[][] deviation = new double[sum.length][sum[0].length];
      for (int i = 0; i < sum.length; i++) {
        for (int j = 0; j < sum[i].length; j++) {
          mean[i][j] = sum[i][j] / numSentences;
          double spread = squares[i][j] - numSentences * mean[i][j] * mean[i][j];
          deviation[i][j] = Math.sqrt(Math.max(0, spread) / (numSentences - 1));
        }
      }
      return new AttentionSimilarity(first, second, mean, deviation, numSentences);
    }
  }

  /** Of two layers over one sentence: the mean over heads and tokens. */
  static double similarity(Attention a, int layerOfA, Attention b, int layerOfB) {
    int size = a.tokens().size();
    double sum = 0;
    for (int head = 1; head <= a.numHeads(); head++) {
      for (int from = 0; from < size; from++) {
        double divergence = 0;
        for (int to = 0; to < size; to++) {
          double p = a.at(layerOfA, head, from, to);
          double q = b.at(layerOfB, head, from, to);
          double middle = (p + q) / 2;
          divergence += term(p, middle) + term(q, middle);
        }
        sum += 1 - divergence / 2;
      }
    }
    return sum / (a.numHeads() * size);
  }

  private static double term(double p, double middle) {
    return p > 0 ? p * Math.log(p / middle) / LN_2 : 0;
  }

  /** A matrix for each, side by side, on one scale. */
  public static Figure figure(List<AttentionSimilarity> all) {
    Table.Builder numbers =
        Table.of(
            "model",
            "layer",
            "other_model",
            "other_layer",
            "similarity",
            "standard_deviation",
            "sentences");
    List<Panel> panels = new ArrayList<>();
    double lowest = 1;
    for (AttentionSimilarity one : all) {
      for (int i = 0; i < one.mean.length; i++) {
        for (int j = 0; j < one.mean[i].length; j++) {
          lowest = Math.min(lowest, one.mean[i][j]);
          numbers.row(
              one.first,
              i + 1,
              one.second,
              j + 1,
              one.mean[i][j],
              one.standardDeviation[i][j],
              one.numSentences);
        }
      }
    }
    Axis.Range range = new Axis.Range(Math.min(0.9, Math.floor(lowest * 10 + 1e-6) / 10), 1);
    for (AttentionSimilarity one : all) {
      panels.add(one.panel(all.size() > 1, range));
    }
    return new Figure("attention-similarity", panels, Math.min(3, all.size()), numbers.build());
  }

  private HeatMap panel(boolean titled, Axis.Range range) {
    boolean within = first.equals(second);
    String title = !titled ? "" : within ? first : "between the models";
    return new HeatMap(
        title,
        within ? "layer" : "layer, " + second,
        labels(mean[0].length),
        within ? "layer" : "layer, " + first,
        labels(mean.length),
        mean,
        range,
        "mean of 1 \u2212 JSD",
        true);
  }

  private static List<String> labels(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
  }
}
