package org.tiedbert.loss;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.Unstack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * L = (CE₁ + CE₂)/2 + w·MSE(f₁, f₂), plus the mean over the views of the next-sentence cross
 * entropy where that is on. Cross entropies are in nats, w is dimensionless. With one view CE is
 * CE₁ and the MSE is 0. All terms are float32 scalars.
 *
 * @param total what is minimised
 * @param crossEntropy mean of the views' masked-LM cross entropies
 * @param consistency MSE(f₁, f₂), before the weight
 * @param nextSentence its cross entropy, 0 where it is off
 * @param accuracy float32 [V], the share of each view's predictions whose label has the largest
 *     logit
 * @param nextSentenceAccuracy share of right next-sentence predictions, 0 where it is off
 */
public record TrainingLoss(
    Operand<TFloat32> total,
    Operand<TFloat32> crossEntropy,
    Operand<TFloat32> consistency,
    Operand<TFloat32> nextSentence,
    Operand<TFloat32> accuracy,
    Operand<TFloat32> nextSentenceAccuracy) {

  /**
   * What a model made of the views of B sequences, row = sequence·V + view. Dimensions: V views, P
   * predictions, C vocabulary, S tokens, H hidden.
   *
   * @param logits float32 [B·V·P, C]
   * @param labels int32 [B·V·P]
   * @param weights float32 [B, V, P]; 0 on unused slots
   * @param features float32 [B, V, S, H]
   * @param real float32 [B, S]; 1 for real tokens, 0 for padding
   * @param nextSentence the second head's part, where there is one
   */
  public record Predictions(
      Operand<TFloat32> logits,
      Operand<TInt32> labels,
      Operand<TFloat32> weights,
      Operand<TFloat32> features,
      Operand<TFloat32> real,
      Optional<NextSentence> nextSentence) {}

  /**
   * @param logits float32 [B·V, 2]
   * @param labels int32 [B·V]
   */
  public record NextSentence(Operand<TFloat32> logits, Operand<TInt32> labels) {}

  /** Builds the loss; a term that is off costs nothing and its gradient is not built. */
  public static TrainingLoss of(
      Ops tf, LossConfig config, Predictions predictions, Denominators denominators) {
    Operand<TFloat32> losses =
        CrossEntropy.of(tf, predictions.logits(), predictions.labels()); // [B·V·P]
    Operand<TFloat32> crossEntropy =
        tf.math.mean(perView(tf, losses, predictions, denominators), tf.constant(0));
    Operand<TFloat32> right =
        CrossEntropy.correct(tf, predictions.logits(), predictions.labels()); // [B·V·P]
    Operand<TFloat32> accuracy = perView(tf, right, predictions, denominators); // [V]
    Operand<TFloat32> zero = tf.constant(0f);
    Operand<TFloat32> consistency =
        denominators.numViews() == 1
            ? zero
            : config
                .featureLevel()
                .meanSquaredError(
                    tf, views(tf, predictions.features()), predictions.real(), denominators);
    Operand<TFloat32> total = crossEntropy;
    if (denominators.numViews() > 1 && config.tiedWeight() > 0) {
      Operand<TFloat32> weight = tf.constant((float) config.tiedWeight());
      total = tf.math.add(total, tf.math.mul(weight, consistency));
    }
    Operand<TFloat32> nextSentence = zero;
    Operand<TFloat32> nextSentenceAccuracy = zero;
    if (predictions.nextSentence().isPresent()) {
      NextSentence pairs = predictions.nextSentence().get();
      nextSentence =
          meanOverRows(
              tf, CrossEntropy.of(tf, pairs.logits(), pairs.labels()), predictions, denominators);
      nextSentenceAccuracy =
          meanOverRows(
              tf,
              CrossEntropy.correct(tf, pairs.logits(), pairs.labels()),
              predictions,
              denominators);
      total = tf.math.add(total, nextSentence);
    }
    return new TrainingLoss(
        total, crossEntropy, consistency, nextSentence, accuracy, nextSentenceAccuracy);
  }

  /** Mean over the predictions of each view, float32 [V]. */
  private static Operand<TFloat32> perView(
      Ops tf, Operand<TFloat32> values, Predictions predictions, Denominators denominators) {
    Operand<TFloat32> shaped =
        tf.reshape(values, tf.constant(predictions.weights().shape().asArray())); // [B, V, P]
    Operand<TFloat32> weighted = tf.math.mul(shaped, predictions.weights()); // [B, V, P]
    return tf.math.div(tf.reduceSum(weighted, tf.array(0, 2)), denominators.predictions(tf)); // [V]
  }

  /** Mean over the views of all sequences but those that are all padding. */
  private static Operand<TFloat32> meanOverRows(
      Ops tf, Operand<TFloat32> values, Predictions predictions, Denominators denominators) {
    Operand<TFloat32> tokens =
        tf.reduceSum(predictions.real(), tf.constant(1), ReduceSum.keepDims(true)); // [B, 1]
    Operand<TFloat32> counted = tf.math.minimum(tokens, tf.constant(1f)); // [B, 1]
    Operand<TFloat32> shaped = tf.reshape(values, tf.array(-1, denominators.numViews())); // [B, V]
    Operand<TFloat32> sum = tf.reduceSum(tf.math.mul(shaped, counted), tf.array(0, 1));
    Operand<TFloat32> rows =
        tf.math.mul(denominators.sequences(tf), tf.constant((float) denominators.numViews()));
    return tf.math.div(sum, rows);
  }

  private static List<Operand<TFloat32>> views(Ops tf, Operand<TFloat32> features) {
    return List.copyOf(tf.unstack(features, 2L, Unstack.axis(1L)).output()); // 2 × [B, S, H]
  }
}
