package org.tiedbert.analysis;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.engine.BatchMatMulKernels;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Sessions;
import org.tiedbert.model.Dropout;
import org.tiedbert.model.Encoder;
import org.tiedbert.model.Parameters;
import org.tiedbert.model.SequenceShape;
import org.tiedbert.train.Variable;
import org.tiedbert.train.VariableValues;

/**
 * An encoder that tells what every layer makes of a batch, without dropout. Dimensions: L layers, R
 * sequences, S tokens, T real tokens, N heads, H hidden. To be closed.
 */
final class LayerGraph implements AutoCloseable {
  private final Graph graph;
  private final Session session;
  private final Operand<TInt32> inputIds;
  private final Operand<TInt32> attentionMask;
  private final Operand<TFloat32> sentences;
  private final Operand<TFloat32> tokens;
  private final Operand<TFloat32> attentions;

  LayerGraph(ModelDirectory model, EngineConfig engine) {
    try (Graph built = new Graph()) {
      Ops tf = Ops.create(built);
      Operand<TInt32> ids = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
      Operand<TInt32> mask = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, -1)));
      Parameters parameters = new Parameters(tf);
      SequenceShape shape = SequenceShape.packed(tf, mask);
      Encoder.Encoded encoded =
          new Encoder(parameters, model.config().encoder())
              .apply(tf, shape, ids, mask, tf.zerosLike(ids), Dropout.none());
      int hiddenSize = model.config().encoder().hiddenSize();
      List<Operand<TFloat32>> means =
          encoded.hiddenStates().stream()
              .map(state -> mean(tf, shape.pad(tf, state), mask, hiddenSize))
              .toList();
      Operand<TFloat32> allMeans = tf.stack(means); // [L + 1, R, H]
      Operand<TFloat32> allStates = tf.stack(encoded.hiddenStates()); // [L + 1, T, H]
      Operand<TFloat32> allProbs = tf.stack(encoded.attentions()); // [L, R, N, S, S]
      Map<String, Variable> variables = Variable.fed(tf, parameters);
      graph = GraphPass.rewrite(built, List.of(new BatchMatMulKernels()));
      session = Sessions.open(graph, engine);
      variables.replaceAll((name, variable) -> variable.in(graph));
      new VariableValues(session, variables)
          .assign(
              model.prefix(),
              variables.keySet().stream().collect(Collectors.toMap(name -> name, name -> name)));
      inputIds = GraphPass.find(graph, ids);
      attentionMask = GraphPass.find(graph, mask);
      sentences = GraphPass.find(graph, allMeans);
      tokens = GraphPass.find(graph, allStates);
      attentions = GraphPass.find(graph, allProbs);
    }
  }

  /**
   * The mean over the real tokens.
   *
   * @param padded float32 [R·S, H]
   * @param mask int32 [R, S]
   * @return float32 [R, H]
   */
  private static Operand<TFloat32> mean(
      Ops tf, Operand<TFloat32> padded, Operand<TInt32> mask, int hiddenSize) {
    Operand<TInt32> sizes =
        tf.concat(List.of(tf.shape(mask), tf.array(hiddenSize)), tf.constant(0));
    Operand<TFloat32> states = tf.reshape(padded, sizes); // [R, S, H]
    Operand<TFloat32> real =
        tf.expandDims(tf.dtypes.cast(mask, TFloat32.class), tf.constant(-1)); // [R, S, 1]
    Operand<TFloat32> sum = tf.reduceSum(tf.math.mul(states, real), tf.constant(1)); // [R, H]
    Operand<TFloat32> count = tf.reduceSum(real, tf.constant(1)); // [R, 1]
    return tf.math.div(sum, count);
  }

  /** float32 [L + 1, R, H], the means of the real tokens' hidden states. */
  float[] sentences(List<int[]> sequences, int padId) {
    return run(sequences, padId, sentences);
  }

  /** float32 [L + 1, T, H] of one sequence. */
  float[] tokens(int[] sequence) {
    return run(List.of(sequence), 0, tokens);
  }

  /** float32 [L, N, S, S] of one sequence. */
  float[] attentions(int[] sequence) {
    return run(List.of(sequence), 0, attentions);
  }

  private float[] run(List<int[]> sequences, int padId, Operand<TFloat32> wanted) {
    int longest = sequences.stream().mapToInt(sequence -> sequence.length).max().orElseThrow();
    int[] ids = new int[sequences.size() * longest];
    int[] mask = new int[ids.length];
    for (int row = 0; row < sequences.size(); row++) {
      int[] sequence = sequences.get(row);
      for (int i = 0; i < longest; i++) {
        ids[row * longest + i] = i < sequence.length ? sequence[i] : padId;
        mask[row * longest + i] = i < sequence.length ? 1 : 0;
      }
    }
    Shape shape = Shape.of(sequences.size(), longest);
    try (TInt32 idsTensor = TInt32.tensorOf(shape, DataBuffers.of(ids));
        TInt32 maskTensor = TInt32.tensorOf(shape, DataBuffers.of(mask));
        Result result =
            session
                .runner()
                .feed(inputIds, idsTensor)
                .feed(attentionMask, maskTensor)
                .fetch(wanted)
                .run()) {
      return VariableValues.floats((TFloat32) result.get(0));
    }
  }

  @Override
  public void close() {
    try (graph) {
      session.close();
    }
  }
}
