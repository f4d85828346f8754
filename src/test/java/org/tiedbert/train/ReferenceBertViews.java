package org.tiedbert.train;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.batch.Batch;
import org.tiedbert.noise.NoiseVocabulary;
import org.tiedbert.noise.NoisedView;
import org.tiedbert.noise.NoisedViews;
import org.tiedbert.noise.RandomBits;
import org.tiedbert.noise.ViewsConfig;
import org.tiedbert.text.Vocabulary;

/**
 * The noised views of a batch, as the noise makes them by itself: what the reference starts from.
 * Dimensions: B sequences, V views, S tokens, P predictions; row = sequence·V + view.
 *
 * @param inputIds [B·V][S]
 * @param positions [B·V][P]
 * @param labels [B·V][P]
 * @param weights [B·V][P]
 */
record ReferenceBertViews(
    int numViews, int[][] inputIds, int[][] positions, int[][] labels, float[][] weights) {

  static ReferenceBertViews of(
      ViewsConfig config,
      Vocabulary vocabulary,
      long seed,
      long step,
      long firstPlace,
      Batch batch) {
    Shape shape = Shape.of(batch.batchSize(), batch.maxSeqLength());
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        TInt32 ids = TInt32.tensorOf(shape, DataBuffers.of(batch.inputIds()))) {
      Ops tf = Ops.create(graph);
      Operand<TInt32> fed = tf.constantOf(ids);
      RandomBits bits = new RandomBits(seed, tf.constant(step), tf.constant(firstPlace));
      NoisedView view =
          NoisedViews.of(tf, config, NoiseVocabulary.of(vocabulary.tokens()), bits, fed);
      try (Result result =
          session
              .runner()
              .fetch(view.inputIds())
              .fetch(view.maskedPositions())
              .fetch(view.maskedLabels())
              .fetch(view.maskedWeights())
              .run()) {
        return new ReferenceBertViews(
            config.views().size(),
            StdArrays.array2dCopyOf((TInt32) result.get(0)),
            StdArrays.array2dCopyOf((TInt32) result.get(1)),
            StdArrays.array2dCopyOf((TInt32) result.get(2)),
            StdArrays.array2dCopyOf((TFloat32) result.get(3)));
      }
    }
  }
}
