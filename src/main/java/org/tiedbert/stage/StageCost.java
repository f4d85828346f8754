package org.tiedbert.stage;

import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a stage costs, from shapes alone. Dimensions: L layers, S {@code maxSeqLength}, H {@code
 * hiddenSize}, I {@code intermediateSize}, N {@code numAttentionHeads}, V {@code vocabSize}, P
 * {@code maxPredictionsPerSeq}.
 *
 * @param numViews noised views of each sequence in one step, 1 or 2
 */
public record StageCost(
    int hiddenSize,
    int intermediateSize,
    int numAttentionHeads,
    int vocabSize,
    int maxSeqLength,
    int maxPredictionsPerSeq,
    int numViews) {

  private static final int BYTES_PER_FLOAT = 4;

  public StageCost {
    int smallest =
        IntStream.of(
                hiddenSize,
                intermediateSize,
                numAttentionHeads,
                vocabSize,
                maxSeqLength,
                maxPredictionsPerSeq,
                numViews)
            .min()
            .getAsInt();
    if (smallest < 1) {
      throw new IllegalArgumentException(
          "every size must be at least 1, got hiddenSize=%d intermediateSize=%d"
                  .formatted(hiddenSize, intermediateSize)
              + " numAttentionHeads=%d vocabSize=%d maxSeqLength=%d"
                  .formatted(numAttentionHeads, vocabSize, maxSeqLength)
              + " maxPredictionsPerSeq=%d numViews=%d".formatted(maxPredictionsPerSeq, numViews));
    }
  }

  /**
   * Floating-point operations of one sequence in one step, all its views; a multiply-add is two.
   * Forward, a layer is S·(8·H² + 4·H·I) + 4·S²·H (for I = 4·H: 24·H²·S + 4·S²·H) and the masked
   * language model head P·(2·H·V + 2·H²). Only matrix products count.
   *
   * <p>Backward costs as much again for the gradient of the weights and as much again for that of
   * the input. So a trained layer counts three times and a frozen one once: frozen layers lie below
   * the trained ones, nothing flows back through them. The head counts three times where the tied
   * output matrix trains and twice where it is frozen, its backward being then the gradient of the
   * input; the weight gradient of its small H×H transform is left out.
   */
  public long flopsPerSequence(Stage stage) {
    long layers = 0;
    for (int layer = 0; layer < stage.numLayers(); layer++) {
      layers += (trains(stage, layer) ? 3 : 1) * layerForward();
    }
    long head = (trainsOutputMatrix(stage) ? 3 : 2) * headForward();
    return numViews * (layers + head);
  }

  /**
   * How many times fewer operations a plan takes than training everything at its last stage's depth
   * for as many steps: the bound on its speed-up.
   */
  public double speedUp(StagePlan plan) {
    int numLayers = plan.stages().get(plan.stages().size() - 1).numLayers();
    double full = 3.0 * numViews * (numLayers * layerForward() + headForward());
    double flops = 0;
    for (Stage stage : plan.stages()) {
      flops += (double) stage.numSteps() * flopsPerSequence(stage);
    }
    return full * plan.totalSteps() / flops;
  }

  /** Number of trained values among parameters given by name and size. */
  public static long numTrainable(Stage stage, Map<String, Long> nameToSize) {
    return nameToSize.entrySet().stream()
        .filter(parameter -> stage.trainable().contains(parameter.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * Bytes of the float32 values that live from step to step, and of the gradients: 4 for each
   * value, and for each trained one 4 more for its gradient and 8 for its two moments.
   *
   * @param nameToSize sizes of the parameters that exist in the stage and that the loss reaches
   */
  public static long stateBytes(Stage stage, Map<String, Long> nameToSize) {
    long numValues = nameToSize.values().stream().mapToLong(Long::longValue).sum();
    return BYTES_PER_FLOAT * (numValues + 3 * numTrainable(stage, nameToSize));
  }

  /**
   * An estimate of the bytes kept between forward and backward. A trained layer keeps S·(10·H +
   * 2·I) values (input, query, key, value, context, two dropout masks, two residual sums, the
   * output of the first LayerNorm; before and after GELU) and 3·N·S² (attention probabilities,
   * their dropout mask and product). Frozen layers keep nothing, one of them is at work at a time.
   * The head keeps P·(4·H + 2·V), the embeddings, where trained, 2·S·H. Workspace of kernels and
   * what a runtime holds on to come on top; recomputation and fusion take away.
   *
   * @param numSequences sequences of one micro-batch
   * @param bytesPerValue 4 for float32, 2 for bfloat16
   */
  public long activationBytes(Stage stage, int numSequences, int bytesPerValue) {
    long values = (long) maxPredictionsPerSeq * (4L * hiddenSize + 2L * vocabSize);
    long numTrained =
        IntStream.range(0, stage.numLayers()).filter(layer -> trains(stage, layer)).count();
    long numFrozenAtWork = numTrained < stage.numLayers() ? 1 : 0;
    values += (numTrained + numFrozenAtWork) * valuesKeptByLayer();
    if (trainsOutputMatrix(stage)) {
      values += 2L * maxSeqLength * hiddenSize;
    }
    return values * numViews * numSequences * bytesPerValue;
  }

  private long layerForward() {
    long s = maxSeqLength;
    long h = hiddenSize;
    return s * (8 * h * h + 4 * h * intermediateSize) + 4 * s * s * h;
  }

  private long headForward() {
    long h = hiddenSize;
    return maxPredictionsPerSeq * (2 * h * vocabSize + 2 * h * h);
  }

  private long valuesKeptByLayer() {
    long s = maxSeqLength;
    return s * (10L * hiddenSize + 2L * intermediateSize) + 3L * numAttentionHeads * s * s;
  }

  private static boolean trains(Stage stage, int layer) {
    return stage
        .trainable()
        .contains("bert/encoder/layer_" + layer + "/attention/self/query/kernel");
  }

  private static boolean trainsOutputMatrix(Stage stage) {
    return stage.trainable().contains("bert/embeddings/word_embeddings");
  }
}
