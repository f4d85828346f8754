package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tiedbert.batch.Batch;
import org.tiedbert.loss.FeatureLevel;
import org.tiedbert.loss.LossConfig;

/** A stage that trains the top layer and the heads leaves everything else bit-equal. */
class FrozenParametersTest {
  private static final LossConfig LOSS = new LossConfig(1, FeatureLevel.WORD, true);
  private static final Predicate<String> TRAINED =
      name -> name.startsWith("bert/encoder/layer_1/") || name.startsWith("cls/");

  @Test
  void areBitEqualThroughAStage() {
    // given
    ForwardGraph.Settings forward = ReferenceBertSetup.forward(0.1, 0.1, 2, LOSS, 4);
    Batch batch = ReferenceBertSetup.batch(20, 7, 15, 3);
    try (StageSession session =
        ReferenceBertSetup.open(forward, ReferenceBertSetup.FLOAT32, TRAINED)) {
      List<String> names = ReferenceBertSetup.parameterNames(session);
      Set<String> trained = names.stream().filter(TRAINED).collect(Collectors.toSet());
      Map<String, float[]> before = session.values().read(names);
      // when
      for (int step = 0; step < 5; step++) {
        StepMetrics metrics = session.computeGradients(batch, step);
        session.update(step, 1e-2, metrics.gradientNorm());
      }
      // then
      Map<String, float[]> after = session.values().read(names);
      for (String name : names) {
        if (trained.contains(name)) {
          assertThat(after.get(name)).as(name).isNotEqualTo(before.get(name));
        } else {
          assertThat(bits(after.get(name))).as(name).isEqualTo(bits(before.get(name)));
        }
      }
      requireNothingKeptForFrozen(session, names, trained);
    }
  }

  /** Neither gradients nor moments: 16 tensors a layer, 5 of the MLM head, 2 of the other. */
  private static void requireNothingKeptForFrozen(
      StageSession session, List<String> names, Set<String> trained) {
    assertThat(trained).hasSize(16 + 5 + 2).doesNotContain("bert/embeddings/word_embeddings");
    assertThat(session.graph().gradients().keySet()).isEqualTo(trained);
    Set<String> variables =
        session.graph().definition().getNodeList().stream()
            .filter(node -> node.getOp().equals("VarHandleOp"))
            .map(node -> node.getAttrOrThrow("shared_name").getS().toStringUtf8())
            .collect(Collectors.toSet());
    assertThat(variables).hasSize(names.size() + 3 * trained.size()).containsAll(names);
    for (String name : trained) {
      assertThat(variables).contains(name + "/gradient", name + "/adam_m", name + "/adam_v");
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
