package org.tiedbert.train;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tiedbert.engine.GraphPass;

/**
 * What a run feeds of a micro-batch. Dimensions: B sequences, S tokens.
 *
 * @param inputIds int32 [B, S]
 * @param segmentIds int32 [B, S]
 * @param nextSentenceLabels int32 [B]
 * @param step int64 scalar, updates done before this one
 * @param firstPlace int64 scalar, place of the first sequence in the global batch
 */
record Feeds(
    Operand<TInt32> inputIds,
    Operand<TInt32> segmentIds,
    Operand<TInt32> nextSentenceLabels,
    Operand<TInt64> step,
    Operand<TInt64> firstPlace) {

  /** Adds the placeholders to a graph. */
  static Feeds create(Ops tf, int microBatchSize, int maxSeqLength) {
    Shape tokens = Shape.of(microBatchSize, maxSeqLength);
    Shape sequences = Shape.of(microBatchSize);
    return new Feeds(
        tf.withName("input_ids").placeholder(TInt32.class, Placeholder.shape(tokens)),
        tf.withName("segment_ids").placeholder(TInt32.class, Placeholder.shape(tokens)),
        tf.withName("next_sentence_labels").placeholder(TInt32.class, Placeholder.shape(sequences)),
        tf.withName("step").placeholder(TInt64.class, Placeholder.shape(Shape.scalar())),
        tf.withName("first_place").placeholder(TInt64.class, Placeholder.shape(Shape.scalar())));
  }

  /** What an evaluation takes. */
  List<Operand<?>> ofEvaluation() {
    return List.of(inputIds, segmentIds, nextSentenceLabels, firstPlace);
  }

  /** What a step's micro-batch takes. */
  List<Operand<?>> ofMicroBatch() {
    return List.of(inputIds, segmentIds, nextSentenceLabels, firstPlace, step);
  }

  Feeds in(Graph rewritten) {
    return new Feeds(
        GraphPass.find(rewritten, inputIds),
        GraphPass.find(rewritten, segmentIds),
        GraphPass.find(rewritten, nextSentenceLabels),
        GraphPass.find(rewritten, step),
        GraphPass.find(rewritten, firstPlace));
  }
}
