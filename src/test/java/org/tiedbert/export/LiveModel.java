package org.tiedbert.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tiedbert.engine.BatchMatMulKernels;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.model.Dropout;
import org.tiedbert.model.Encoder.Encoded;
import org.tiedbert.model.EncoderConfig;
import org.tiedbert.model.Parameter;
import org.tiedbert.model.Parameters;
import org.tiedbert.model.PreTrainingModel;
import org.tiedbert.model.SequenceShape;

/** The pre-training model itself on one batch, in the static shapes that training has. */
final class LiveModel {
  private LiveModel() {}

  /**
   * What it makes of the batch, all in row-major order.
   *
   * @param states [L+1][N·S·H]
   * @param pooled [N·H]
   * @param logits [N·S·V], of every token
   */
  record Outputs(List<float[]> states, float[] pooled, float[] logits) {
    float[] features() {
      return states.get(states.size() - 1);
    }
  }

  static Outputs run(
      EncoderConfig config, Map<String, float[]> values, int[][] ids, int[][] real, int[][] types) {
    try (Graph built = new Graph()) {
      Ops tf = Ops.create(built);
      Parameters parameters = new Parameters(tf);
      PreTrainingModel model = new PreTrainingModel(parameters, config, false);
      SequenceShape shape = SequenceShape.fixed(tf, ids.length, ids[0].length);
      Operand<TInt32> inputIds = tf.constant(ids);
      Encoded encoded =
          model
              .encoder()
              .apply(tf, shape, inputIds, tf.constant(real), tf.constant(types), Dropout.none());
      List<Operand<TFloat32>> outputs = new ArrayList<>(encoded.hiddenStates());
      outputs.add(model.pooler().apply(tf, shape, encoded.features()));
      outputs.add(model.maskedLanguageModel().apply(tf, encoded.features()));
      List<Op> assignments = new ArrayList<>();
      for (Parameter parameter : parameters.all()) {
        Operand<TFloat32> value =
            TinyModel.constant(tf, parameter.shape(), values.get(parameter.name()));
        assignments.add(tf.assignVariableOp(parameter.handle(), value));
      }
      // with the kernels that training has: others add in another order
      try (Graph graph = GraphPass.rewrite(built, List.of(new BatchMatMulKernels()));
          Session session = new Session(graph)) {
        for (Op assignment : assignments) {
          session.runner().addTarget(assignment.op().name()).run().close();
        }
        return fetch(session, outputs.stream().map(o -> GraphPass.find(graph, o)).toList());
      }
    }
  }

  private static Outputs fetch(Session session, List<Operand<TFloat32>> outputs) {
    Session.Runner runner = session.runner();
    outputs.forEach(runner::fetch);
    try (Result result = runner.run()) {
      List<float[]> values = new ArrayList<>();
      for (int i = 0; i < outputs.size(); i++) {
        values.add(values((TFloat32) result.get(i)));
      }
      int numStates = values.size() - 2;
      return new Outputs(
          List.copyOf(values.subList(0, numStates)),
          values.get(numStates),
          values.get(numStates + 1));
    }
  }

  static float[] values(TFloat32 tensor) {
    float[] values = new float[(int) tensor.size()];
    tensor.copyTo(DataBuffers.of(values));
    return values;
  }
}
