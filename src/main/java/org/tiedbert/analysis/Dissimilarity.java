package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.tiedbert.chart.Axis;
import org.tiedbert.chart.Ink;
import org.tiedbert.chart.Plot;
import org.tiedbert.chart.Series;

/**
 * How far apart a model holds unrelated sentences: the mean of 1 − cosine of the sentence-level
 * features of random pairs, at every layer (Semantic-Augment, figure 3).
 *
 * @param model its name
 * @param layers from the embeddings, layer 0, to the top
 */
public record Dissimilarity(String model, List<Layer> layers) {
  public Dissimilarity {
    layers = List.copyOf(layers);
  }

  /**
   * One layer's.
   *
   * @param mean of 1 − cosine over the pairs, in [0, 2]
   * @param standardDeviation over the pairs, with n − 1
   * @param standardError of the mean: the deviation by the root of the number of pairs
   */
  public record Layer(double mean, double standardDeviation, double standardError, int numPairs) {
    static Layer of(double[] cosines) {
      double[] values = DoubleStream.of(cosines).map(cosine -> 1 - cosine).toArray();
      double mean = DoubleStream.of(values).average().orElseThrow();
      double squares = DoubleStream.of(values).map(value -> (value - mean) * (value - mean)).sum();
      double deviation = Math.sqrt(squares / (values.length - 1));
      return new Layer(mean, deviation, deviation / Math.sqrt(values.length), values.length);
    }
  }

  /**
   * @param pairs two or more
   * @param progress told how many pairs are done
   */
  public static Dissimilarity of(
      String name, LayerFeatures model, List<SentencePair> pairs, LongConsumer progress) {
    double[][] cosines = SentencePair.cosines(model, pairs, progress);
    return new Dissimilarity(name, Arrays.stream(cosines).map(Layer::of).toList());
  }

  /** All models in one picture; bars are two standard errors to each side. */
  public static Figure figure(List<Dissimilarity> models) {
    Table.Builder numbers =
        Table.of("model", "layer", "mean", "standard_deviation", "standard_error", "pairs");
    List<Series> series = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      List<Layer> layers = models.get(m).layers;
      for (int l = 0; l < layers.size(); l++) {
        Layer at = layers.get(l);
        numbers.row(
            models.get(m).model, l, at.mean, at.standardDeviation, at.standardError, at.numPairs);
      }
      double[] numbersOfLayers = IntStream.range(0, layers.size()).asDoubleStream().toArray();
      double[] means = layers.stream().mapToDouble(Layer::mean).toArray();
      double[] errors = layers.stream().mapToDouble(at -> 2 * at.standardError).toArray();
      series.add(
          Series.of(models.get(m).model, numbersOfLayers, means, Ink.marked(m)).withErrors(errors));
    }
    Axis y = Axis.linear("mean 1 \u2212 cosine of random pairs");
    Plot plot = new Plot("", Axis.whole("layer (0: embeddings)"), y, series);
    return Figure.of("dissimilarity", plot, numbers.build());
  }
}
