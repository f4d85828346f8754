package org.tiedbert.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tiedbert.noise.NoiseGraph.View;

/** What every variant of {@link Noise} promises. */
class NoiseContractTest {
  private static final int SEQ_LENGTH = 64;
  private static final int MAX_PREDICTIONS = 12;
  private static final int[][] IDS = NoiseText.batch(8, SEQ_LENGTH, 1);

  static Stream<Noise> variants() {
    List<Noise> variants =
        List.of(
            new Noise.TokenMasking(0.15, 0.8, 0.1),
            new Noise.TokenMasking(0.4, 0.8, 0.1),
            new Noise.WholeWordMasking(0.15, 0.8, 0.1),
            new Noise.SpanMasking(0.15, 0.8, 0.1, 0.2, 10),
            new Noise.TokenReplacement(0.15));
    Set<Class<?>> tested = variants.stream().map(Noise::getClass).collect(Collectors.toSet());
    assertThat(tested).isEqualTo(Set.of(Noise.class.getPermittedSubclasses()));
    return variants.stream();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void predictsTheOriginalsAndTouchesNothingElse(Noise noise) {
    try (NoiseGraph graph = NoiseGraph.of(noise, IDS, MAX_PREDICTIONS)) {
      for (int step = 0; step < 50; step++) {
        // when
        View view = graph.run(IDS, step, 0);
        // then
        for (int row = 0; row < IDS.length; row++) {
          assertSlotsAreInOrder(view, row);
          boolean[] predicted = view.predicted(row);
          for (int i = 0; i < SEQ_LENGTH; i++) {
            if (NoiseText.isUntouchable(IDS[row][i])) {
              assertThat(predicted[i]).isFalse();
            }
            if (!predicted[i]) {
              assertThat(view.inputIds()[row][i]).isEqualTo(IDS[row][i]);
            } else {
              int shown = view.inputIds()[row][i];
              assertThat(shown).isBetween(0, NoiseText.SIZE - 1);
              assertThat(shown).isNotIn(NoiseText.PAD, NoiseText.CLS, NoiseText.SEP);
            }
          }
          for (int slot = 0; slot < MAX_PREDICTIONS; slot++) {
            int position = view.positions()[row][slot];
            assertThat(view.labels()[row][slot]).isEqualTo(IDS[row][position]);
          }
        }
      }
    }
  }

  private static void assertSlotsAreInOrder(View view, int row) {
    int numPredicted = view.numPredicted(row);
    for (int slot = 0; slot < MAX_PREDICTIONS; slot++) {
      int position = view.positions()[row][slot];
      assertThat(view.weights()[row][slot]).isEqualTo(slot < numPredicted ? 1f : 0f);
      if (slot >= numPredicted) {
        assertThat(position).isZero();
      } else if (slot > 0) {
        assertThat(position).isGreaterThan(view.positions()[row][slot - 1]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void predictsTheCountOfItsRate(Noise noise) {
    try (NoiseGraph graph = NoiseGraph.of(noise, IDS, MAX_PREDICTIONS)) {
      for (int step = 0; step < 50; step++) {
        // when
        View view = graph.run(IDS, step, 0);
        // then
        for (int row = 0; row < IDS.length; row++) {
          int n = NoiseText.numMaskable(IDS[row]);
          int count = Sequences.count(noise.rate(), n, MAX_PREDICTIONS);
          if (noise instanceof Noise.WholeWordMasking) {
            assertThat(view.numPredicted(row)).isBetween(Math.min(1, n), MAX_PREDICTIONS);
          } else {
            assertThat(view.numPredicted(row)).isEqualTo(count);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aMicroBatchSeesTheNoiseOfItsPlaceInTheBatch(Noise noise) {
    // given
    int[][] head = Arrays.copyOfRange(IDS, 0, 4);
    int[][] tail = Arrays.copyOfRange(IDS, 4, 8);
    try (NoiseGraph whole = NoiseGraph.of(noise, IDS, MAX_PREDICTIONS);
        NoiseGraph half = NoiseGraph.of(noise, head, MAX_PREDICTIONS)) {
      // when
      View expected = whole.run(IDS, 5, 16);
      View first = half.run(head, 5, 16);
      View second = half.run(tail, 5, 20);
      // then
      assertThat(concat(first.inputIds(), second.inputIds())).isDeepEqualTo(expected.inputIds());
      assertThat(concat(first.positions(), second.positions())).isDeepEqualTo(expected.positions());
      assertThat(concat(first.labels(), second.labels())).isDeepEqualTo(expected.labels());
      // and: the same sequences elsewhere in the batch are noised otherwise
      assertThat(Arrays.deepEquals(half.run(tail, 5, 16).positions(), second.positions()))
          .isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void differsByStepAndRepeatsWithinOne(Noise noise) {
    try (NoiseGraph graph = NoiseGraph.of(noise, IDS, MAX_PREDICTIONS)) {
      // when
      View first = graph.run(IDS, 0, 0);
      View again = graph.run(IDS, 0, 0);
      View next = graph.run(IDS, 1, 0);
      // then
      assertThat(again.inputIds()).isDeepEqualTo(first.inputIds());
      assertThat(Arrays.deepEquals(next.positions(), first.positions())).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void choosesEveryPositionOfAFullSequenceAboutEquallyOften(Noise noise) {
    // given: single-piece words throughout, so that no word pulls its pieces along
    int[][] ids = new int[16][SEQ_LENGTH];
    Random random = new Random(3);
    for (int[] row : ids) {
      Arrays.setAll(row, i -> 3 + random.nextInt(20));
      row[0] = NoiseText.CLS;
      row[SEQ_LENGTH - 1] = NoiseText.SEP;
    }
    int n = SEQ_LENGTH - 2;
    int count = Sequences.count(noise.rate(), n, MAX_PREDICTIONS);
    int numSteps = 200;
    int[] numChosen = new int[SEQ_LENGTH];
    try (NoiseGraph graph = NoiseGraph.of(noise, ids, MAX_PREDICTIONS)) {
      // when
      for (int step = 0; step < numSteps; step++) {
        View view = graph.run(ids, step, 0);
        for (int row = 0; row < ids.length; row++) {
          boolean[] predicted = view.predicted(row);
          IntStream.range(0, SEQ_LENGTH).filter(i -> predicted[i]).forEach(i -> numChosen[i]++);
        }
      }
    }
    // then: binomial with N = 3200; five and a half standard deviations
    double rate = (double) count / n;
    double expected = rate * numSteps * ids.length;
    double slack = 5.5 * Math.sqrt(expected * (1 - rate));
    for (int i = 1; i < SEQ_LENGTH - 1; i++) {
      assertThat((double) numChosen[i])
          .as("position %d of %s", i, Arrays.toString(numChosen))
          .isBetween(expected - slack, expected + slack);
    }
  }

  @ParameterizedTest
  @MethodSource("variants")
  void refusesMorePredictionsThanPositions(Noise noise) {
    assertThatThrownBy(() -> NoiseGraph.of(noise, IDS, SEQ_LENGTH + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxPredictionsPerSeq must lie in [1, seqLength], got 65 with seqLength=64");
  }

  @ParameterizedTest
  @MethodSource("variants")
  void refusesAShapeThatIsNotStatic(Noise noise) {
    try (Graph graph = new Graph()) {
      // given
      Ops tf = Ops.create(graph);
      Operand<TInt32> ids = tf.placeholder(TInt32.class);
      RandomBits bits = new RandomBits(0, tf.constant(0L), tf.constant(0L));
      // then
      assertThatThrownBy(() -> noise.apply(tf, NoiseText.VOCABULARY, bits, "view0", ids, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("static shape [batch, seqLength]");
    }
  }

  private static int[][] concat(int[][] first, int[][] second) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(second)).toArray(int[][]::new);
  }
}
