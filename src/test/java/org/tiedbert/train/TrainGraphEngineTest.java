package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tiedbert.batch.Batch;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;

/** A step in bfloat16, compiled or both, next to the one in float32 without a compiler. */
class TrainGraphEngineTest {
  private static final LossConfig LOSS = new LossConfig(1, FeatureLevel.WORD, true);
  private static final Batch BATCH = ReferenceBertSetup.batch(20, 7, 15, 3);

  /** MatMul, BatchMatMulV2 and whatever else multiplies matrices. */
  private static final Predicate<NodeDef> IS_PRODUCT = node -> node.getOp().contains("MatMul");

  private record Step(StepMetrics metrics, Map<String, float[]> gradients, List<NodeDef> nodes) {}

  @Test
  void theSameStepHoweverItRuns() {
    // given
    Step plain = step(Precision.FLOAT32, XlaMode.OFF);
    requireProducts(plain, DataType.DT_FLOAT);
    // when
    Step compiled = step(Precision.FLOAT32, XlaMode.FUSIBLE);
    // then: the compiler's own exponentials and sums, no more
    requireProducts(compiled, DataType.DT_FLOAT);
    assertEquals(plain.metrics().total(), compiled.metrics().total(), 1e-4);
    requireDirection(plain, compiled, 0.999999);
    // when: eight bits of mantissa
    Step rounded = step(Precision.BFLOAT16, XlaMode.OFF);
    // then
    requireProducts(rounded, DataType.DT_BFLOAT16);
    requireBfloat16(plain, rounded);
    // when
    Step both = step(Precision.BFLOAT16, XlaMode.FUSIBLE);
    // then
    requireProducts(both, DataType.DT_BFLOAT16);
    requireBfloat16(plain, both);
  }

  private static Step step(Precision precision, XlaMode xla) {
    EngineConfig engine = new EngineConfig(precision, xla, EngineConfig.Device.CPU, 2);
    try (StageSession session =
        ReferenceBertSetup.open(
            ReferenceBertSetup.forward(0.1, 0.1, 2, LOSS, 4), engine, name -> true)) {
      StepMetrics metrics = session.computeGradients(BATCH, 3);
      return new Step(metrics, session.gradients(), session.graph().definition().getNodeList());
    }
  }

  /**
   * All products have one type and kernels of oneDNN. There are 8 a layer, the segments', 2 of each
   * head: 21 forward, 21 in the evaluation, 42 in the gradients. In bfloat16 the gradients of
   * biases behind products are products too: 6 a layer, one of each head.
   */
  private static void requireProducts(Step step, DataType type) {
    List<NodeDef> products = step.nodes().stream().filter(IS_PRODUCT).toList();
    assertThat(products.stream().map(NodeDef::getOp).distinct())
        .containsExactlyInAnyOrder("MatMul", "BatchMatMulV2");
    assertThat(products.stream().map(node -> node.getAttrOrThrow("T").getType()).distinct())
        .containsExactly(type);
    assertThat(products).hasSize(21 + 21 + 42 + (type == DataType.DT_BFLOAT16 ? 2 * 6 + 2 : 0));
  }

  private static void requireBfloat16(Step plain, Step rounded) {
    double total = plain.metrics().total();
    assertThat(rounded.metrics().total())
        .isNotEqualTo(total)
        .isCloseTo(total, within(0.01 * total));
    requireDirection(plain, rounded, 0.99);
  }

  /** The least cosine allowed between the gradients taken as one vector. */
  private static void requireDirection(Step expected, Step actual, double leastCosine) {
    double product = 0;
    double expectedSquares = 0;
    double actualSquares = 0;
    for (Map.Entry<String, float[]> gradient : expected.gradients().entrySet()) {
      float[] other = actual.gradients().get(gradient.getKey());
      for (int i = 0; i < other.length; i++) {
        product += gradient.getValue()[i] * other[i];
        expectedSquares += gradient.getValue()[i] * gradient.getValue()[i];
        actualSquares += other[i] * other[i];
      }
    }
    assertThat(product / Math.sqrt(expectedSquares * actualSquares)).isGreaterThan(leastCosine);
    assertThat(Math.sqrt(actualSquares / expectedSquares)).isCloseTo(1, within(0.02));
  }
}
