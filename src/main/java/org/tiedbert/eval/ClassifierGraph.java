package org.tiedbert.eval;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.model.ClassificationHead;
import org.tiedbert.model.Dropout;
import org.tiedbert.model.Encoder;
import org.tiedbert.model.Encoder.Encoded;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.Parameters;
import org.tiedbert.model.Pooler;
import org.tiedbert.model.SequenceShape;
import org.tiedbert.noise.RandomBits;

/**
 * From padded rows of token ids to the outputs of a sentence-level head, for batches of any shape:
 * encoder, pooler, dropout and one dense layer (Devlin et al. 2018, section 4). Dimensions: R rows,
 * S tokens, C outputs.
 */
final class ClassifierGraph {
  /**
   * What a run feeds.
   *
   * @param inputIds int32 [R, S]
   * @param segmentIds int32 [R, S]
   * @param step int64 scalar, updates done before; dropout masks depend on it
   */
  record Feeds(Operand<TInt32> inputIds, Operand<TInt32> segmentIds, Operand<TInt64> step) {
    Feeds in(Graph rewritten) {
      return new Feeds(
          GraphPass.find(rewritten, inputIds),
          GraphPass.find(rewritten, segmentIds),
          GraphPass.find(rewritten, step));
    }
  }

  private final Ops tf;
  private final int padId;
  private final Parameters parameters;
  private final Encoder encoder;
  private final Pooler pooler;
  private final ClassificationHead head;
  private final Feeds feeds;

  ClassifierGraph(Ops tf, EncoderConfig config, int padId, int numOutputs) {
    this.tf = tf;
    this.padId = padId;
    this.parameters = new Parameters(tf);
    this.encoder = new Encoder(parameters, config);
    this.pooler = new Pooler(parameters, config);
    this.head = new ClassificationHead(parameters, config, numOutputs);
    Placeholder.Options rows = Placeholder.shape(Shape.of(-1, -1));
    this.feeds =
        new Feeds(
            tf.withName("input_ids").placeholder(TInt32.class, rows),
            tf.withName("segment_ids").placeholder(TInt32.class, rows),
            tf.withName("step").placeholder(TInt64.class, Placeholder.shape(Shape.scalar())));
  }

  Parameters parameters() {
    return parameters;
  }

  Feeds feeds() {
    return feeds;
  }

  /** float32 [R, C], without dropout. */
  Operand<TFloat32> logits() {
    Ops scope = tf.withSubScope("predict");
    return logits(scope, SequenceShape.of(scope, feeds.inputIds()), Dropout.none());
  }

  /** float32 [R, C], with dropout drawn from the seed and the step. */
  Operand<TFloat32> trainingLogits(long seed) {
    Ops scope = tf.withSubScope("forward");
    SequenceShape shape = SequenceShape.of(scope, feeds.inputIds());
    RandomBits bits = new RandomBits(seed, feeds.step(), scope.constant(0L));
    return logits(scope, shape, Dropout.of(bits, shape.numRows()));
  }

  private Operand<TFloat32> logits(Ops scope, SequenceShape shape, Dropout dropout) {
    Operand<TInt32> real =
        scope.dtypes.cast(
            scope.math.notEqual(feeds.inputIds(), scope.constant(padId)), TInt32.class); // [R, S]
    Encoded encoded =
        encoder.apply(scope, shape, feeds.inputIds(), real, feeds.segmentIds(), dropout);
    Operand<TFloat32> pooled = pooler.apply(scope, shape, encoded.features()); // [R, H]
    return head.apply(scope, pooled, dropout); // [R, C]
  }
}
