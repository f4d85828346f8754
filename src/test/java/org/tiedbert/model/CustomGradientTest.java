package org.tiedbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;
import org.tiedbert.engine.CustomGradients;
import org.tiedbert.engine.GraphPass;
import org.tiedbert.engine.Precision;
import org.tiedbert.noise.RandomBits;
import org.tiedbert.optim.Gradients;

/** Next to the gradients that TensorFlow puts together from those of single operations. */
class CustomGradientTest {
  private static final int ROWS = 4;
  private static final int FEATURES = 16;

  /** What a function makes of x, and what else it is differentiated by. */
  private record Built(Operand<TFloat32> value, List<Operand<TFloat32>> parameters) {}

  @Test
  void gelu() {
    requireSame((tf, x) -> new Built(Gelu.of(tf, x), List.of()));
  }

  @Test
  void dropout() {
    requireSame(
        (tf, x) -> {
          RandomBits bits = new RandomBits(1, tf.constant(2L), tf.constant(0L));
          return new Built(Dropout.of(bits, ROWS).apply(tf, 0.3, "here", x), List.of());
        });
  }

  @Test
  void softmax() {
    requireSame((tf, x) -> new Built(SelfAttention.softmax(tf, x), List.of()));
  }

  @Test
  void layerNorm() {
    requireSame(
        (tf, x) -> {
          Parameters parameters = new Parameters(tf);
          LayerNorm layerNorm = new LayerNorm(parameters, "norm", FEATURES);
          return new Built(
              layerNorm.apply(tf, x), parameters.all().stream().map(Parameter::value).toList());
        });
  }

  @Test
  void aGraphThatOnlyRunsForwardKeepsNoMarks() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Gelu.of(tf, tf.placeholder(TFloat32.class));
      assertThat(marks(graph.toGraphDef())).isNotEmpty();
      // when
      GraphDef forward = CustomGradients.leaveOut(graph.toGraphDef());
      // then
      assertThat(marks(forward)).isEmpty();
      // and nothing of the slope, as the exponential is
      assertThat(forward.getNodeList())
          .extracting(NodeDef::getOp)
          .contains("Erf")
          .doesNotContain("Exp");
    }
  }

  private static List<String> marks(GraphDef graph) {
    return graph.getNodeList().stream()
        .flatMap(node -> node.getAttrMap().keySet().stream())
        .filter(name -> name.startsWith("_custom_gradient"))
        .toList();
  }

  private static void requireSame(BiFunction<Ops, Operand<TFloat32>, Built> function) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(ROWS, FEATURES)));
      Built built = function.apply(tf, x);
      // when
      List<float[]> expected = gradients(graph, x, built);
      assertThat(registered(graph)).isEmpty();
      List<float[]> actual;
      try (Graph prepared =
          GraphPass.rewrite(graph, List.of(new CustomGradients(Precision.FLOAT32)))) {
        actual = gradients(prepared, x, built);
        assertThat(registered(prepared)).isNotEmpty();
      }
      // then
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(expected.get(i)).isNotEqualTo(new float[expected.get(i).length]);
        assertThat(actual.get(i)).containsExactly(expected.get(i), within(2e-6f));
      }
    }
  }

  /** Gradients of Σ w·f(x), where the graph is as it was built or was rewritten. */
  private static List<float[]> gradients(Graph graph, Operand<TFloat32> x, Built built) {
    Ops tf = Ops.create(graph);
    Operand<TFloat32> there = GraphPass.find(graph, x);
    Operand<TFloat32> weights =
        tf.withName("w").placeholder(TFloat32.class, Placeholder.shape(x.shape()));
    Operand<TFloat32> loss =
        tf.sum(tf.math.mul(weights, GraphPass.find(graph, built.value())), tf.array(0, 1));
    List<Operand<TFloat32>> by = new ArrayList<>();
    by.add(there);
    built.parameters().forEach(parameter -> by.add(GraphPass.find(graph, parameter)));
    List<Operand<TFloat32>> gradients = Gradients.of(graph, loss, by);
    try (Session session = new Session(graph);
        TFloat32 xs = random(1);
        TFloat32 ws = random(2)) {
      Session.Runner runner = session.runner().feed(there, xs).feed(weights, ws);
      List<TFloat32> parameters = new ArrayList<>();
      for (int i = 0; i < built.parameters().size(); i++) {
        TFloat32 values = parameter(i);
        parameters.add(values);
        runner.feed(by.get(i + 1), values);
      }
      gradients.forEach(runner::fetch);
      try (Result result = runner.run()) {
        List<float[]> all = new ArrayList<>();
        result.forEach(one -> all.add(floats((TFloat32) one.getValue())));
        return all;
      } finally {
        parameters.forEach(TFloat32::close);
      }
    }
  }

  /** Operations of a gradient that was registered. */
  private static List<String> registered(Graph graph) {
    return graph.toGraphDef().getNodeList().stream()
        .map(NodeDef::getName)
        .filter(name -> name.matches("gradients[^/]*/.*function/.*"))
        .toList();
  }

  private static TFloat32 random(long seed) {
    return TFloat32.tensorOf(
        Shape.of(ROWS, FEATURES), DataBuffers.of(values(seed, ROWS * FEATURES)));
  }

  private static TFloat32 parameter(int number) {
    return TFloat32.tensorOf(Shape.of(FEATURES), DataBuffers.of(values(10 + number, FEATURES)));
  }

  private static float[] values(long seed, int number) {
    Random random = new Random(seed);
    float[] values = new float[number];
    for (int i = 0; i < number; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] floats(TFloat32 tensor) {
    float[] values = new float[Math.toIntExact(tensor.size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }
}
