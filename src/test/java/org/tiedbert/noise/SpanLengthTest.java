package org.tiedbert.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class SpanLengthTest {
  private static final SpanLength LENGTH = new SpanLength(0.2, 10);

  @Test
  void isTheGeometricDistributionCutOff() {
    // given: 1 − 0.8¹⁰ = 0.892626; P(ℓ ≤ 1) = 0.2 / 0.892626, P(ℓ ≤ 2) = 0.36 / 0.892626
    assertThat(LENGTH.cumulative(1)).isCloseTo(0.224058, within(1e-6));
    assertThat(LENGTH.cumulative(2)).isCloseTo(0.403305, within(1e-6));
    assertThat(LENGTH.cumulative(10)).isEqualTo(1);
    // and: the mean is 1/p − max·qᵐᵃˣ/(1 − qᵐᵃˣ) = 5 − 1.202902, SpanBERT's 3.8
    double mean = 0;
    for (int length = 1; length <= 10; length++) {
      mean += length * (LENGTH.cumulative(length) - LENGTH.cumulative(length - 1));
    }
    assertThat(mean).isCloseTo(3.797098, within(1e-6));
  }

  @Test
  void cutsSequencesIntoSpansOfThatDistribution() {
    // given: 128 words; a span that starts in the first 110 ends within the sequence
    int[][] ids = new int[16][128];
    Arrays.stream(ids).forEach(row -> Arrays.fill(row, 7));
    long[] numSpans = new long[11];
    try (NoiseGraph graph = new NoiseGraph(16, 128, SpanLengthTest::spanStarts)) {
      // when
      for (int step = 0; step < 100; step++) {
        for (int[] starts : graph.run(ids, step, 0).inputIds()) {
          assertThat(starts[0]).isEqualTo(1);
          for (int start = 0; start < 110; ) {
            int end = start + 1;
            while (starts[end] == 0) {
              end++;
            }
            numSpans[end - start]++;
            start = end;
          }
        }
      }
    }
    // then: χ² with 9 degrees of freedom has standard deviation √18 = 4.24
    long total = Arrays.stream(numSpans).sum();
    double chiSquare = 0;
    for (int length = 1; length <= 10; length++) {
      double expected = total * (LENGTH.cumulative(length) - LENGTH.cumulative(length - 1));
      chiSquare += Math.pow(numSpans[length] - expected, 2) / expected;
    }
    assertThat(total).isGreaterThan(45_000);
    assertThat(chiSquare).as(Arrays.toString(numSpans)).isLessThan(9 + 5 * 4.24);
  }

  /** The starts in the place of the noised ids. */
  private static NoisedView spanStarts(Ops tf, RandomBits bits, Operand<TInt32> inputIds) {
    Sequences sequences = Sequences.of(tf, NoiseText.VOCABULARY, inputIds, 0.15, 20);
    Operand<TBool> wordStarts = sequences.wordStarts(tf, NoiseText.VOCABULARY);
    Operand<TInt32> lengths = new Draws(bits, "view0", sequences).lengths(tf);
    Operand<TBool> starts = LENGTH.spanStarts(tf, sequences, wordStarts, lengths);
    Operand<TInt32> flags = tf.dtypes.cast(starts, TInt32.class);
    return new NoisedView(
        flags, tf.identity(flags), tf.identity(flags), tf.dtypes.cast(starts, TFloat32.class));
  }
}
