package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.tiedbert.eval.Example;
import org.tiedbert.eval.Metric;
import org.tiedbert.eval.TextPair;

/**
 * How well the features of a model's layers tell the similarity of sentences, without fine-tuning
 * (Semantic-Augment, figure 4). With n pairs, cosine cᵢ of the sentence-level features and label yᵢ
 * in [0, 5], the feature similarity error of a layer is √(Σ (cᵢ − yᵢ/5)² / n): the L2 distance of
 * cosines and scaled labels by the root of the number of pairs, so that sets of pairs of any size
 * compare. It is taken over all pairs and over those with a label above each of {@link
 * #THRESHOLDS}.
 *
 * @param model its name
 * @param layers from the embeddings, layer 0, to the top
 */
public record StsBenchmark(String model, List<Layer> layers) {
  /** Labels that pairs lie above. */
  public static final List<Double> THRESHOLDS = List.of(0.5, 1.5, 2.5, 3.5, 4.5);

  private static final double HIGHEST_LABEL = 5;

  public StsBenchmark {
    layers = List.copyOf(layers);
  }

  /**
   * One layer's.
   *
   * @param errors of all pairs, then of those above each threshold
   * @param spearman of cosines and labels; empty where one side is constant
   * @param pearson likewise
   */
  public record Layer(List<Error> errors, OptionalDouble spearman, OptionalDouble pearson) {
    public Layer {
      errors = List.copyOf(errors);
    }

    static Layer of(double[] cosines, double[] labels) {
      List<Error> errors = new ArrayList<>();
      errors.add(Error.above(Double.NEGATIVE_INFINITY, cosines, labels));
      THRESHOLDS.forEach(threshold -> errors.add(Error.above(threshold, cosines, labels)));
      return new Layer(
          errors,
          value(new Metric.Spearman().of(cosines, labels)),
          value(new Metric.Pearson().of(cosines, labels)));
    }

    private static OptionalDouble value(Metric.Value value) {
      return value instanceof Metric.Value.Defined defined
          ? OptionalDouble.of(defined.value())
          : OptionalDouble.empty();
    }
  }

  /**
   * The feature similarity error of some pairs.
   *
   * @param value empty where there are none
   */
  public record Error(OptionalDouble value, int numPairs) {
    static Error above(double threshold, double[] cosines, double[] labels) {
      int[] chosen = IntStream.range(0, labels.length).filter(i -> labels[i] > threshold).toArray();
      OptionalDouble meanSquare =
          IntStream.of(chosen)
              .mapToDouble(i -> cosines[i] - labels[i] / HIGHEST_LABEL)
              .map(difference -> difference * difference)
              .average();
      return new Error(
          meanSquare.isPresent()
              ? OptionalDouble.of(Math.sqrt(meanSquare.getAsDouble()))
              : OptionalDouble.empty(),
          chosen.length);
    }
  }

  /**
   * @param examples pairs with labels, as the task STS-B reads them
   * @param progress told how many pairs are done
   */
  public static StsBenchmark of(
      String name, LayerFeatures model, List<Example> examples, LongConsumer progress) {
    List<SentencePair> pairs =
        examples.stream().map(example -> pair(example.inputs().get(0))).toList();
    double[] labels =
        examples.stream().mapToDouble(example -> example.target().orElseThrow()).toArray();
    double[][] cosines = SentencePair.cosines(model, pairs, progress);
    List<Layer> layers = new ArrayList<>();
    for (double[] layer : cosines) {
      layers.add(Layer.of(layer, labels));
    }
    return new StsBenchmark(name, layers);
  }

  private static SentencePair pair(TextPair input) {
    return new SentencePair(input.first(), input.second().orElseThrow());
  }
}
