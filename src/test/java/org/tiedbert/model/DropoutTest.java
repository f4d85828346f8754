package org.tiedbert.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tiedbert.noise.RandomBits;

/** Where the masks stand in the network is tested against the double-precision reference. */
class DropoutTest {
  private static final int ROWS = 8;
  private static final int COLUMNS = 4099;

  @Test
  void dropsTheShareAskedForAndKeepsTheExpectation() {
    for (double prob : new double[] {0.1, 0.5, 0.9}) {
      // when
      float[] dropped = dropped(prob, "a", 0, 0, ROWS);
      // then: five standard deviations of the share of n = 32,792
      long numDropped = count(dropped, 0);
      double deviation = Math.sqrt(prob * (1 - prob) / dropped.length);
      assertThat((double) numDropped / dropped.length).isCloseTo(prob, within(5 * deviation));
      // and: the others are divided by the probability of keeping, a multiple of 2⁻¹⁶
      float scale = (float) (1 / (1 - Math.round(prob * 65536) / 65536.0));
      assertThat(count(dropped, scale)).isEqualTo(dropped.length - numDropped);
    }
  }

  @Test
  void aSliceOfTheBatchIsDroppedAsInTheWhole() {
    // given: an odd number of elements, so that rows do not end with a group of random numbers
    float[] whole = dropped(0.3, "a", 4, 0, ROWS);
    // when
    float[] tail = dropped(0.3, "a", 4, 3, ROWS - 3);
    // then
    assertThat(tail).containsExactly(Arrays.copyOfRange(whole, 3 * COLUMNS, ROWS * COLUMNS));
  }

  @Test
  void everyPlaceAndStepHasItsOwnMask() {
    // given
    float[] mask = dropped(0.5, "a", 0, 0, ROWS);
    // then: independent masks agree in half of the places
    for (float[] other :
        new float[][] {dropped(0.5, "b", 0, 0, ROWS), dropped(0.5, "a", 1, 0, ROWS)}) {
      int numEqual = 0;
      for (int i = 0; i < mask.length; i++) {
        numEqual += mask[i] == other[i] ? 1 : 0;
      }
      assertThat((double) numEqual / mask.length).isCloseTo(0.5, within(0.014));
    }
  }

  @Test
  void aSizeKnownWhenTheGraphRunsGivesTheSameMask() {
    for (int columns : new int[] {1, 8, 4099}) {
      try (ModelGraph graph = new ModelGraph()) {
        Ops tf = graph.tf();
        Operand<TFloat32> ones = tf.fill(tf.array(3, columns), tf.constant(1f));
        Operand<TFloat32> unknown =
            tf.placeholderWithDefault(ones, org.tensorflow.ndarray.Shape.of(-1, -1));
        RandomBits bits = bits(tf, 6, 2);
        assertThat(graph.evaluate(Dropout.of(bits, tf.constant(3)).apply(tf, 0.3, "a", unknown)))
            .containsExactly(graph.evaluate(Dropout.of(bits, 3).apply(tf, 0.3, "a", ones)));
      }
    }
  }

  @Test
  void probabilityZeroAndNoDropoutAddNothing() {
    try (ModelGraph graph = new ModelGraph()) {
      Operand<TFloat32> input = graph.tf().constant(new float[][] {{1, 2}});
      RandomBits bits = bits(graph.tf(), 0, 0);
      assertThat(Dropout.none().apply(graph.tf(), 0.5, "a", input)).isSameAs(input);
      assertThat(Dropout.of(bits, 1).apply(graph.tf(), 0, "a", input)).isSameAs(input);
    }
  }

  /** Dropout of ones. */
  private static float[] dropped(double prob, String stream, long step, long firstRow, int rows) {
    try (ModelGraph graph = new ModelGraph()) {
      Ops tf = graph.tf();
      Operand<TFloat32> ones = tf.fill(tf.array(rows, COLUMNS), tf.constant(1f));
      Dropout dropout = Dropout.of(bits(tf, step, firstRow), rows);
      return graph.evaluate(dropout.apply(tf, prob, stream, ones));
    }
  }

  private static RandomBits bits(Ops tf, long step, long firstRow) {
    return new RandomBits(5, tf.constant(step), tf.constant(firstRow));
  }

  private static long count(float[] values, float wanted) {
    long count = 0;
    for (float value : values) {
      count += value == wanted ? 1 : 0;
    }
    return count;
  }
}
