package org.tiedbert.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

class NoiseVocabularyTest {
  /** Ids 1 and 4 are the only tokens that are not special. */
  private static final NoiseVocabulary VOCABULARY =
      NoiseVocabulary.of(List.of("[SEP]", "a", "[PAD]", "[UNK]", "##b", "[MASK]", "[CLS]"));

  @Test
  void drawsEveryTokenThatIsNotSpecialFromItsShareOfTheRange() {
    try (Graph graph = new Graph()) {
      // given: the first and last number of each half of [0, 2³¹)
      Ops tf = Ops.create(graph);
      Operand<TInt32> uint31 =
          tf.constant(new int[] {0, (1 << 30) - 1, 1 << 30, Integer.MAX_VALUE});
      // then
      assertThat(evaluate(graph, VOCABULARY.tokensAt(tf, uint31))).containsExactly(1, 1, 4, 4);
    }
  }

  @Test
  void anotherTokenIsNeverTheSameNorSpecial() {
    try (Graph graph = new Graph()) {
      // given: a, ##b and [UNK], the ids that noise may touch
      Ops tf = Ops.create(graph);
      Operand<TInt32> ids = tf.constant(new int[] {1, 4, 3});
      // then: the token after [UNK] in the order of ids is ##b or wraps around
      assertThat(evaluate(graph, VOCABULARY.anotherToken(tf, ids))).startsWith(4, 1);
      assertThat(evaluate(graph, VOCABULARY.anotherToken(tf, ids))[2]).isIn(1, 4);
    }
  }

  @Test
  void refusesAVocabularyWithoutSpecialTokens() {
    assertThatThrownBy(() -> NoiseVocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("noise needs a vocabulary with [MASK], got 5 tokens without it");
    assertThatThrownBy(
            () -> NoiseVocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a")))
        .hasMessageContaining("at least two tokens beside the special ones, got 6 tokens");
  }

  private static int[] evaluate(Graph graph, Operand<TInt32> values) {
    try (Session session = new Session(graph);
        Result result = session.runner().fetch(values).run()) {
      return StdArrays.array1dCopyOf((TInt32) result.get(0));
    }
  }
}
