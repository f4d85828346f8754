package org.tiedbert.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tiedbert.noise.NoiseGraph.View;

/** XLA compiles all of the noise as one program, and draws the same numbers. */
class XlaNoiseTest {
  private static final int[][] IDS = NoiseText.batch(4, 32, 6);

  static List<Noise> variants() {
    return NoiseContractTest.variants().toList();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void compiledNoiseIsBitEqual(Noise noise) {
    // given
    ViewsConfig config = new ViewsConfig(List.of(noise, noise), 6);
    View expected;
    try (NoiseGraph graph = NoiseGraph.of(config, IDS)) {
      expected = graph.run(IDS, 3, 8);
    }
    // when
    View actual =
        runCompiled((tf, bits, ids) -> NoisedViews.of(tf, config, NoiseText.VOCABULARY, bits, ids));
    // then
    assertThat(actual.inputIds()).isDeepEqualTo(expected.inputIds());
    assertThat(actual.positions()).isDeepEqualTo(expected.positions());
    assertThat(actual.labels()).isDeepEqualTo(expected.labels());
    assertThat(actual.weights()).isDeepEqualTo(expected.weights());
  }

  @Test
  void compiledBitsAreBitEqual() {
    // given
    NoiseGraph.Build build =
        (tf, bits, ids) -> {
          Operand<TInt32> drawn = tf.dtypes.cast(bits.uint16(tf, "a", 4, 13), TInt32.class);
          Operand<TFloat32> uniform = bits.uniform(tf, "b", 4, 13);
          return new NoisedView(drawn, tf.identity(drawn), tf.identity(drawn), uniform);
        };
    View expected;
    try (NoiseGraph graph = new NoiseGraph(4, 32, build)) {
      expected = graph.run(IDS, 3, 8);
    }
    // when
    View actual = runCompiled(build);
    // then
    assertThat(actual.inputIds()).isDeepEqualTo(expected.inputIds());
    assertThat(actual.weights()).isDeepEqualTo(expected.weights());
  }

  @Test
  void whatXlaCannotCompileFails() {
    // given: there are no strings in XLA
    NoiseGraph.Build build =
        (tf, bits, ids) -> {
          Operand<TInt32> lengths = tf.strings.stringLength(tf.dtypes.asString(ids));
          Operand<TFloat32> weights = tf.dtypes.cast(lengths, TFloat32.class);
          return new NoisedView(lengths, lengths, lengths, weights);
        };
    // then
    assertThatThrownBy(() -> runCompiled(build))
        .hasMessageContaining("No registered 'AsString' OpKernel for XLA");
  }

  /** At step 3, with a batch that starts at place 8. */
  private static View runCompiled(NoiseGraph.Build build) {
    try (ConcreteFunction function = ConcreteFunction.create(tf -> signature(tf, build));
        Graph graph = new Graph()) {
      graph.importGraphDef(callingCompiled(function.getFunctionDef()));
      try (Session session = new Session(graph);
          TInt32 ids = TInt32.tensorOf(StdArrays.ndCopyOf(IDS));
          TInt64 stepTensor = TInt64.scalarOf(3);
          TInt64 firstRowTensor = TInt64.scalarOf(8);
          Result result =
              session
                  .runner()
                  .feed("ids", ids)
                  .feed("step", stepTensor)
                  .feed("firstRow", firstRowTensor)
                  .fetch("call", 0)
                  .fetch("call", 1)
                  .fetch("call", 2)
                  .fetch("call", 3)
                  .run()) {
        return NoiseGraph.view(result);
      }
    }
  }

  private static Signature signature(Ops tf, NoiseGraph.Build build) {
    Operand<TInt32> ids = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(4, 32)));
    Operand<TInt64> step = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    Operand<TInt64> firstRow = tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
    RandomBits bits = new RandomBits(NoiseGraph.SEED, step, firstRow);
    NoisedView view = build.apply(tf, bits, ids);
    return Signature.builder("noise")
        .input("ids", ids)
        .input("step", step)
        .input("first_row", firstRow)
        .output("input_ids", view.inputIds())
        .output("positions", view.maskedPositions())
        .output("labels", view.maskedLabels())
        .output("weights", view.maskedWeights())
        .build();
  }

  /** A graph whose one call must be compiled, or fail. */
  private static GraphDef callingCompiled(FunctionDef function) {
    NodeDef call =
        NodeDef.newBuilder()
            .setName("call")
            .setOp("StatefulPartitionedCall")
            .addAllInput(List.of("ids", "step", "firstRow"))
            .putAttr("_XlaMustCompile", AttrValue.newBuilder().setB(true).build())
            .putAttr("Tin", types(DataType.DT_INT32, DataType.DT_INT64, DataType.DT_INT64))
            .putAttr(
                "Tout",
                types(DataType.DT_INT32, DataType.DT_INT32, DataType.DT_INT32, DataType.DT_FLOAT))
            .putAttr(
                "f",
                AttrValue.newBuilder()
                    .setFunc(NameAttrList.newBuilder().setName(function.getSignature().getName()))
                    .build())
            .build();
    return GraphDef.newBuilder()
        .setLibrary(FunctionDefLibrary.newBuilder().addFunction(function))
        .addNode(placeholder("ids", DataType.DT_INT32))
        .addNode(placeholder("step", DataType.DT_INT64))
        .addNode(placeholder("firstRow", DataType.DT_INT64))
        .addNode(call)
        .build();
  }

  private static NodeDef placeholder(String name, DataType type) {
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Placeholder")
        .putAttr("dtype", AttrValue.newBuilder().setType(type).build())
        .build();
  }

  private static AttrValue types(DataType... types) {
    return AttrValue.newBuilder()
        .setList(AttrValue.ListValue.newBuilder().addAllType(List.of(types)))
        .build();
  }
}
