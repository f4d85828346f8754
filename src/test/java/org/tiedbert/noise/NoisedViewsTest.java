package org.tiedbert.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tiedbert.noise.NoiseGraph.View;

class NoisedViewsTest {
  private static final Noise MASKING = new Noise.TokenMasking(0.15, 0.8, 0.1);

  @Test
  void rowsAreInterleavedByView() {
    // given
    int[][] ids = NoiseText.batch(4, 32, 2);
    Noise replacement = new Noise.TokenReplacement(0.3);
    try (NoiseGraph graph = NoiseGraph.of(new ViewsConfig(List.of(MASKING, replacement), 6), ids);
        NoiseGraph first = NoiseGraph.of(MASKING, ids, 6)) {
      // when
      View both = graph.run(ids, 3, 8);
      View alone = first.run(ids, 3, 8);
      // then
      assertThat(both.inputIds()).hasDimensions(8, 32);
      assertThat(both.weights()).hasDimensions(8, 6);
      for (int place = 0; place < 4; place++) {
        assertThat(both.inputIds()[2 * place]).isEqualTo(alone.inputIds()[place]);
        assertThat(both.positions()[2 * place]).isEqualTo(alone.positions()[place]);
        assertThat(both.inputIds()[2 * place + 1]).doesNotContain(NoiseText.MASK);
        int n = NoiseText.numMaskable(ids[place]);
        assertThat(both.numPredicted(2 * place + 1)).isEqualTo(Sequences.count(0.3, n, 6));
      }
    }
  }

  @Test
  void oneViewIsThatView() {
    // given
    int[][] ids = NoiseText.batch(4, 32, 2);
    try (NoiseGraph graph = NoiseGraph.of(new ViewsConfig(List.of(MASKING), 6), ids);
        NoiseGraph alone = NoiseGraph.of(MASKING, ids, 6)) {
      // then
      assertThat(graph.run(ids, 3, 8).inputIds()).isDeepEqualTo(alone.run(ids, 3, 8).inputIds());
    }
  }

  static Stream<List<Noise>> pairs() {
    Noise wholeWord = new Noise.WholeWordMasking(0.15, 0.8, 0.1);
    Noise span = new Noise.SpanMasking(0.15, 0.8, 0.1, 0.2, 10);
    Noise replacement = new Noise.TokenReplacement(0.15);
    Noise alwaysMask = new Noise.TokenMasking(1, 1, 0);
    return Stream.of(
        List.of(MASKING, MASKING),
        List.of(wholeWord, wholeWord),
        List.of(span, span),
        List.of(replacement, replacement),
        List.of(alwaysMask, alwaysMask),
        List.of(MASKING, replacement));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theTwoViewsOfASequenceAlwaysDiffer(List<Noise> pair) {
    // given: sequences of one to four tokens, where chance alone would often make them equal
    int cls = NoiseText.CLS;
    int sep = NoiseText.SEP;
    int pad = NoiseText.PAD;
    int[][] ids = {
      {cls, 7, sep, pad, pad, pad},
      {cls, 98, sep, pad, pad, pad},
      {cls, NoiseText.UNK, 8, sep, pad, pad},
      {cls, 9, 60, 61, sep, pad},
      {cls, 4, 5, 6, 7, sep}
    };
    try (NoiseGraph graph = NoiseGraph.of(new ViewsConfig(pair, 4), ids)) {
      for (int step = 0; step < 200; step++) {
        // when
        View view = graph.run(ids, step, 0);
        // then
        for (int place = 0; place < ids.length; place++) {
          int[] second = view.inputIds()[2 * place + 1];
          assertThat(second).isNotEqualTo(view.inputIds()[2 * place]);
          boolean[] predicted = view.predicted(2 * place + 1);
          for (int i = 0; i < second.length; i++) {
            if (!predicted[i]) {
              assertThat(second[i]).isEqualTo(ids[place][i]);
            } else {
              assertThat(second[i]).isBetween(0, NoiseText.SIZE - 1);
              assertThat(second[i]).isNotIn(pad, cls, sep);
            }
          }
          if (pair.get(1) instanceof Noise.TokenReplacement) {
            assertThat(second).doesNotContain(NoiseText.MASK);
          }
        }
      }
    }
  }

  @Test
  void twoHalvesOfABatchEqualTheWhole() {
    // given
    int[][] ids = NoiseText.batch(8, 32, 4);
    ViewsConfig config = new ViewsConfig(List.of(MASKING, MASKING), 6);
    int[][] tail = Arrays.copyOfRange(ids, 4, 8);
    try (NoiseGraph whole = NoiseGraph.of(config, ids);
        NoiseGraph half = NoiseGraph.of(config, tail)) {
      // when
      View expected = whole.run(ids, 1, 0);
      View actual = half.run(tail, 1, 4);
      // then
      assertThat(actual.inputIds()).isDeepEqualTo(Arrays.copyOfRange(expected.inputIds(), 8, 16));
    }
  }

  @Test
  void refusesViewsThatAreNotOneOrTwo() {
    assertThatThrownBy(() -> new ViewsConfig(List.of(), 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("views must be one or two, got 0");
    assertThatThrownBy(() -> new ViewsConfig(List.of(MASKING, MASKING, MASKING), 20))
        .hasMessage("views must be one or two, got 3");
    assertThatThrownBy(() -> new ViewsConfig(List.of(MASKING), 0))
        .hasMessage("maxPredictionsPerSeq must be at least 1, got 0");
  }
}
