package org.tiedbert.eval;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Predictions for many examples, those of like length at once. */
final class Predictor {
  private static final int ROWS_AT_ONCE = 64;

  private final TaskOutput output;
  private final int padId;
  private final int maxSeqLength;

  Predictor(TaskOutput output, int padId, int maxSeqLength) {
    this.output = output;
    this.padId = padId;
    this.maxSeqLength = maxSeqLength;
  }

  /**
   * @param logits the head's outputs for the rows of a batch
   * @return for each example what {@link TaskOutput#prediction} gives
   */
  double[] predict(List<EncodedExample> examples, Function<TokenBatch, float[]> logits) {
    double[] predictions = new double[examples.size()];
    int[] lengths = examples.stream().mapToInt(EncodedExample::length).toArray();
    int atOnce = Math.max(1, ROWS_AT_ONCE / output.numInputs());
    for (int[] chosen : new LengthBuckets(lengths, atOnce, 0).sorted()) {
      float[] values = logits.apply(TokenBatch.of(examples, chosen, padId, maxSeqLength));
      int perExample = values.length / chosen.length;
      for (int i = 0; i < chosen.length; i++) {
        predictions[chosen[i]] =
            output.prediction(Arrays.copyOfRange(values, i * perExample, (i + 1) * perExample));
      }
    }
    return predictions;
  }
}
