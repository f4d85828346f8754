package org.tiedbert.noise;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceAll;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * All views of a batch in one tensor, row = place · V + view, so that consecutive sequences stay
 * consecutive rows. Dimensions: B sequences, V views, S positions, P predictions at most.
 *
 * <p>Two views of a sequence always differ in their {@code inputIds} if the second one predicts
 * anything. Chance makes them equal only in sequences of a few tokens; there the first predicted
 * position of the second view changes what it shows: the token itself if it was masked or replaced,
 * else another token that is not special. Nothing else changes.
 */
public final class NoisedViews {
  private NoisedViews() {}

  /**
   * @param bits whose first row is the place of the first sequence in the global batch
   * @param inputIds int32 [B, S] of static shape
   * @return int32 [B·V, S] and [B·V, P]
   */
  public static NoisedView of(
      Ops tf,
      ViewsConfig config,
      NoiseVocabulary vocabulary,
      RandomBits bits,
      Operand<TInt32> inputIds) {
    List<NoisedView> views = new ArrayList<>();
    for (Noise noise : config.views()) {
      String streamPrefix = "view" + views.size();
      views.add(
          noise.apply(tf, vocabulary, bits, streamPrefix, inputIds, config.maxPredictionsPerSeq()));
    }
    if (views.size() == 2) {
      views.set(1, differing(tf, vocabulary, views.get(0), views.get(1), inputIds));
    }
    return new NoisedView(
        interleave(tf, views.stream().map(NoisedView::inputIds)),
        interleave(tf, views.stream().map(NoisedView::maskedPositions)),
        interleave(tf, views.stream().map(NoisedView::maskedLabels)),
        interleave(tf, views.stream().map(NoisedView::maskedWeights)));
  }

  /**
   * The second view, changed at its first predicted position in the rows that equal the first's.
   */
  private static NoisedView differing(
      Ops tf,
      NoiseVocabulary vocabulary,
      NoisedView first,
      NoisedView second,
      Operand<TInt32> original) {
    int numRows = (int) original.shape().get(0);
    int seqLength = (int) original.shape().get(1);
    Operand<TInt32> ids = second.inputIds(); // [B, S]
    Operand<TBool> rowIsEqual =
        tf.reduceAll(
            tf.math.equal(first.inputIds(), ids),
            tf.constant(1),
            ReduceAll.keepDims(true)); // [B, 1]
    Operand<TInt32> firstPosition = firstSlot(tf, second.maskedPositions(), numRows); // [B, 1]
    Operand<TFloat32> firstWeight = firstSlot(tf, second.maskedWeights(), numRows); // [B, 1]
    Operand<TBool> predicts = tf.math.greater(firstWeight, tf.constant(0f)); // [B, 1]
    Operand<TBool> isFirst = tf.math.equal(Rows.columns(tf, seqLength), firstPosition); // [B, S]
    Operand<TBool> change =
        tf.math.logicalAnd(isFirst, tf.math.logicalAnd(rowIsEqual, predicts)); // [B, S]
    Operand<TInt32> other =
        tf.select(
            tf.math.equal(ids, original),
            vocabulary.anotherToken(tf, original),
            original); // [B, S]
    return new NoisedView(
        tf.select(change, other, ids),
        second.maskedPositions(),
        second.maskedLabels(),
        second.maskedWeights());
  }

  private static <T extends TType> Operand<T> firstSlot(Ops tf, Operand<T> slots, int numRows) {
    return tf.slice(slots, tf.array(0, 0), tf.array(numRows, 1));
  }

  /** From V tensors [B, C] to one [B·V, C]. */
  private static <T extends TType> Operand<T> interleave(Ops tf, Stream<Operand<T>> perView) {
    List<Operand<T>> views = perView.toList();
    long numRows = views.get(0).shape().get(0);
    long numColumns = views.get(0).shape().get(1);
    Operand<T> stacked = tf.stack(views, Stack.axis(1L)); // [B, V, C]
    return tf.reshape(stacked, tf.array(numRows * views.size(), numColumns));
  }
}
