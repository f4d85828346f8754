package org.tiedbert.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.IntNdArray;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint16;

class RandomBitsTest {
  private static final long SEED = 42;

  @Test
  void aSliceOfRowsEqualsTheSameSliceOfTheWhole() {
    for (long elementsPerRow : new long[] {1, 5, 8, 13, 64}) {
      // when
      int[][] whole = uint16(SEED, 3, 0, "s", 8, elementsPerRow);
      int[][] head = uint16(SEED, 3, 0, "s", 3, elementsPerRow);
      int[][] tail = uint16(SEED, 3, 3, "s", 5, elementsPerRow);
      float[][] wholeUniform = uniform(SEED, 3, 0, "s", 8, elementsPerRow);
      float[][] tailUniform = uniform(SEED, 3, 3, "s", 5, elementsPerRow);
      // then
      assertThat(head).isDeepEqualTo(Arrays.copyOfRange(whole, 0, 3));
      assertThat(tail).isDeepEqualTo(Arrays.copyOfRange(whole, 3, 8));
      assertThat(tailUniform).isDeepEqualTo(Arrays.copyOfRange(wholeUniform, 3, 8));
      assertThat(whole[0]).hasSize((int) elementsPerRow);
    }
  }

  @Test
  void rowsBeyondThirtyTwoBitsOfTheCounterAreSlicesToo() {
    // given
    long far = 1L << 40;
    // when
    int[][] whole = uint16(SEED, 0, far, "s", 4, 20);
    int[][] tail = uint16(SEED, 0, far + 2, "s", 2, 20);
    // then
    assertThat(tail).isDeepEqualTo(Arrays.copyOfRange(whole, 2, 4));
  }

  @Test
  void valuesNeverChangeBetweenVersions() {
    // given: written by this class; other values would break the resume of every run
    int[][] expected = {{39985, 21118, 63767, 36589, 26699}, {56832, 65407, 48846, 5576, 34097}};
    // when
    int[][] actual = uint16(SEED, 7, 1, "view0/scores", 2, 5);
    // then
    assertThat(actual).isDeepEqualTo(expected);
  }

  @Test
  void isPhiloxWithTheRowInTheCounter() {
    // given: the known answer of the authors' Random123 library for a zero counter and key
    assertThat(philox(new int[4], 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    // and
    long key =
        Hashing.murmur3_128()
            .newHasher()
            .putLong(SEED)
            .putString("s", StandardCharsets.UTF_8)
            .hash()
            .asLong();
    long step = 7 + (3L << 32);
    // when: 13 elements take two groups of eight, so row 5 starts at group 10
    int[] row = uint16(SEED, step, 5, "s", 1, 13)[0];
    // then
    for (int i = 0; i < 13; i++) {
      int[] group = philox(new int[] {10 + i / 8, 0, 7, 3}, (int) key, (int) (key >>> 32));
      int word = group[i % 8 / 2];
      assertThat(row[i]).isEqualTo(i % 2 == 0 ? word & 0xffff : word >>> 16);
    }
  }

  /** Philox4x32-10 as in Salmon et al. 2011, section 3.3. */
  private static int[] philox(int[] counter, int key0, int key1) {
    int[] x = counter;
    for (int round = 0; round < 10; round++) {
      long product0 = 0xd2511f53L * Integer.toUnsignedLong(x[0]);
      long product1 = 0xcd9e8d57L * Integer.toUnsignedLong(x[2]);
      x =
          new int[] {
            (int) (product1 >>> 32) ^ x[1] ^ (key0 + round * 0x9e3779b9),
            (int) product1,
            (int) (product0 >>> 32) ^ x[3] ^ (key1 + round * 0xbb67ae85),
            (int) product0
          };
    }
    return x;
  }

  @Test
  void uint16IsUniformOverItsRange() {
    // given: n = 2²⁰ draws in 256 bins of the high byte, then of the low byte
    int n = 1 << 20;
    int[] values = flatten(uint16(SEED, 0, 0, "s", 256, n / 256));
    for (int shift : new int[] {8, 0}) {
      // when
      long[] bins = new long[256];
      for (int value : values) {
        bins[value >> shift & 0xff]++;
      }
      // then: χ² with 255 degrees of freedom has mean 255, standard deviation √510 = 22.6
      double expected = n / 256.0;
      double chiSquare =
          Arrays.stream(bins)
              .mapToDouble(count -> (count - expected) * (count - expected) / expected)
              .sum();
      assertThat(chiSquare).isBetween(255 - 5 * 22.6, 255 + 5 * 22.6);
    }
  }

  @Test
  void uniformHasTheMeanAndVarianceOfTheUnitInterval() {
    // given
    int n = 1 << 18;
    float[][] values = uniform(SEED, 0, 0, "s", 512, n / 512);
    // when
    double sum = 0;
    double squares = 0;
    for (float[] row : values) {
      for (float value : row) {
        assertThat(value).isGreaterThanOrEqualTo(0f).isLessThan(1f);
        sum += value;
        squares += (double) value * value;
      }
    }
    // then: 1/2 and 1/12; five standard errors, √(1/12/n) = 5.6e-4 and √(1/180/n) = 1.5e-4
    double mean = sum / n;
    assertThat(mean).isCloseTo(0.5, within(2.8e-3));
    assertThat(squares / n - mean * mean).isCloseTo(1 / 12.0, within(8e-4));
  }

  @Test
  void seedStepStreamAndRowEachGiveIndependentBits() {
    // given
    int n = 1 << 14;
    int[] base = uint16(SEED, 0, 0, "s", 1, n)[0];
    int[][] others = {
      uint16(SEED + 1, 0, 0, "s", 1, n)[0],
      uint16(SEED, 1, 0, "s", 1, n)[0],
      uint16(SEED, 0, 1, "s", 1, n)[0],
      uint16(SEED, 0, 0, "t", 1, n)[0]
    };
    for (int[] other : others) {
      // when: correlation of two independent uniform samples has standard deviation 1/√n = 0.0078
      double correlation =
          IntStream.range(0, n)
                  .mapToDouble(i -> (base[i] - 32767.5) * (other[i] - 32767.5))
                  .average()
                  .orElseThrow()
              / (65536.0 * 65536.0 / 12);
      long equal = IntStream.range(0, n).filter(i -> base[i] == other[i]).count();
      // then: n/65536 = 0.25 of the values are expected to be equal
      assertThat(correlation).isCloseTo(0, within(0.04));
      assertThat(equal).isLessThan(6);
    }
  }

  @Test
  void refusesToGiveNoRows() {
    assertThatThrownBy(() -> uint16(SEED, 0, 0, "view0/scores", 0, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("view0/scores")
        .hasMessageContaining("got 0 rows");
  }

  private static int[][] uint16(
      long seed, long step, long firstRow, String stream, long numRows, long elementsPerRow) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      RandomBits bits = new RandomBits(seed, tf.constant(step), tf.constant(firstRow));
      Operand<TUint16> drawn = bits.uint16(tf, stream, numRows, elementsPerRow);
      Operand<TInt32> values = tf.dtypes.cast(drawn, TInt32.class);
      try (Result result = session.runner().fetch(values).run()) {
        IntNdArray rows = (TInt32) result.get(0);
        return IntStream.range(0, (int) rows.shape().get(0))
            .mapToObj(r -> rows.get(r).streamOfObjects().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
      }
    }
  }

  private static float[][] uniform(
      long seed, long step, long firstRow, String stream, long numRows, long elementsPerRow) {
    float[][] values = new float[(int) numRows][(int) elementsPerRow];
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      RandomBits bits = new RandomBits(seed, tf.constant(step), tf.constant(firstRow));
      Operand<TFloat32> drawn = bits.uniform(tf, stream, numRows, elementsPerRow);
      try (Result result = session.runner().fetch(drawn).run()) {
        TFloat32 tensor = (TFloat32) result.get(0);
        tensor.scalars().forEachIndexed((at, x) -> values[(int) at[0]][(int) at[1]] = x.getFloat());
      }
    }
    return values;
  }

  private static int[] flatten(int[][] rows) {
    return Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray();
  }
}
