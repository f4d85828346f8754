package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;

class XlaModeTest {
  private record Run(float[] values, List<String> operations) {}

  @Test
  void fusibleCompilesChainsOfElementWiseOperationsAndNoProducts() {
    // when
    Run plain = run(XlaMode.OFF);
    Run compiled = run(XlaMode.FUSIBLE);
    // then
    assertThat(plain.operations()).contains("Tanh").doesNotContain("_XlaRun");
    assertThat(compiled.operations()).contains("_XlaCompile", "_XlaRun").doesNotContain("Tanh");
    // whose kernel a product runs is the build's choice: MatMul or _MklMatMul
    assertThat(plain.operations()).anyMatch(operation -> operation.endsWith("MatMul"));
    assertThat(compiled.operations()).anyMatch(operation -> operation.endsWith("MatMul"));
    assertThat(compiled.values()).containsExactly(plain.values(), within(1e-6f));
  }

  @Test
  void fullCompilesAProgramAsOne() {
    // when
    Run plain = run(XlaMode.OFF);
    Run compiled = run(XlaMode.FULL);
    // then
    assertThat(compiled.operations())
        .containsExactlyInAnyOrder("_Arg", "StatefulPartitionedCall", "_Retval");
    assertThat(compiled.values()).containsExactly(plain.values(), within(1e-6f));
  }

  @Test
  void fullRefusesWhatXlaCannotCompile() {
    // given: there are no strings in XLA
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> lengths =
          tf.dtypes.cast(tf.strings.stringLength(tf.dtypes.asString(x)), TFloat32.class);
      Program program =
          XlaMode.FULL.compile(
              graph, new Program("lengths", List.of(x), List.of(lengths), List.of()));
      try (Session session = Sessions.open(graph, engine(XlaMode.FULL));
          TFloat32 fed = TFloat32.scalarOf(1)) {
        // then
        assertThatThrownBy(() -> program.addTo(session.runner()).feed(x, fed).run())
            .hasMessageContaining("No registered 'AsString' OpKernel for XLA");
      }
    }
  }

  private static EngineConfig engine(XlaMode xla) {
    return new EngineConfig(Precision.FLOAT32, xla, EngineConfig.Device.CPU, 1);
  }

  /** tanh(x·x + 1)² of a matrix, whose parts TensorFlow cannot know before it runs. */
  private static Run run(XlaMode xla) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> product = tf.linalg.matMul(x, x);
      Operand<TFloat32> squared =
          tf.math.square(tf.math.tanh(tf.math.add(product, tf.constant(1f))));
      Program program =
          xla.compile(graph, new Program("squares", List.of(x), List.of(squared), List.of()));
      try (Graph rewritten = GraphPass.rewrite(graph, xla.passes());
          Session session = Sessions.open(rewritten, engine(xla));
          TFloat32 fed =
              TFloat32.tensorOf(StdArrays.ndCopyOf(new float[][] {{0.1f, 0.2f}, {0.3f, 0.4f}}));
          Result result =
              program
                  .in(rewritten)
                  .addTo(session.runner())
                  .setOptions(RunOptions.newBuilder().setOutputPartitionGraphs(true).build())
                  .feed(GraphPass.find(rewritten, x), fed)
                  .runAndFetchMetadata()) {
        float[] values = new float[4];
        ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(values);
        return new Run(values, operations(result.getMetadata().orElseThrow()));
      }
    }
  }

  private static List<String> operations(RunMetadata metadata) {
    return metadata.getPartitionGraphsList().stream()
        .map(GraphDef::getNodeList)
        .flatMap(List::stream)
        .map(NodeDef::getOp)
        .toList();
  }
}
