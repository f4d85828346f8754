package org.tiedbert.noise;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** A graph that noises a batch of fixed shape, to be run at any step and place. */
final class NoiseGraph implements AutoCloseable {
  static final long SEED = 20;

  /** What one run gives back, as plain arrays. */
  record View(int[][] inputIds, int[][] positions, int[][] labels, float[][] weights) {
    /** The number of predictions of a row. */
    int numPredicted(int row) {
      int numPredicted = 0;
      for (float weight : weights[row]) {
        numPredicted += (int) weight;
      }
      return numPredicted;
    }

    /** Whether each position of a row is predicted. */
    boolean[] predicted(int row) {
      boolean[] predicted = new boolean[inputIds[row].length];
      for (int slot = 0; slot < numPredicted(row); slot++) {
        predicted[positions[row][slot]] = true;
      }
      return predicted;
    }
  }

  /** How the ids become a view, given the random bits. */
  interface Build {
    NoisedView apply(Ops tf, RandomBits bits, Operand<TInt32> inputIds);
  }

  private final Graph graph = new Graph();
  private final Session session = new Session(graph);
  private final Placeholder<TInt32> inputIds;
  private final Placeholder<TInt64> step;
  private final Placeholder<TInt64> firstRow;
  private final NoisedView view;

  NoiseGraph(int numRows, int seqLength, Build build) {
    Ops tf = Ops.create(graph);
    inputIds = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(numRows, seqLength)));
    step = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    firstRow = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    try {
      view = build.apply(tf, new RandomBits(SEED, step, firstRow), inputIds);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  static NoiseGraph of(Noise noise, int[][] ids, int maxPredictionsPerSeq) {
    return new NoiseGraph(
        ids.length,
        ids[0].length,
        (tf, bits, inputIds) ->
            noise.apply(tf, NoiseText.VOCABULARY, bits, "view0", inputIds, maxPredictionsPerSeq));
  }

  static NoiseGraph of(ViewsConfig config, int[][] ids) {
    return new NoiseGraph(
        ids.length,
        ids[0].length,
        (tf, bits, inputIds) -> NoisedViews.of(tf, config, NoiseText.VOCABULARY, bits, inputIds));
  }

  View run(int[][] ids, long atStep, long atFirstRow) {
    try (TInt32 idsTensor = TInt32.tensorOf(StdArrays.ndCopyOf(ids));
        TInt64 stepTensor = TInt64.scalarOf(atStep);
        TInt64 firstRowTensor = TInt64.scalarOf(atFirstRow);
        Result result =
            session
                .runner()
                .feed(inputIds, idsTensor)
                .feed(step, stepTensor)
                .feed(firstRow, firstRowTensor)
                .fetch(view.inputIds())
                .fetch(view.maskedPositions())
                .fetch(view.maskedLabels())
                .fetch(view.maskedWeights())
                .run()) {
      return view(result);
    }
  }

  static View view(Result result) {
    TFloat32 weights = (TFloat32) result.get(3);
    return new View(
        StdArrays.array2dCopyOf((TInt32) result.get(0)),
        StdArrays.array2dCopyOf((TInt32) result.get(1)),
        StdArrays.array2dCopyOf((TInt32) result.get(2)),
        StdArrays.array2dCopyOf(weights));
  }

  Graph graph() {
    return graph;
  }

  NoisedView view() {
    return view;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
