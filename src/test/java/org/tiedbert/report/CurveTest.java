package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CurveTest {
  private static Curve curve(double... y) {
    double[] x = DoubleStream.iterate(1, i -> i + 1).limit(y.length).toArray();
    return new Curve("c", x, y);
  }

  @Test
  void thinningTakesMeansOfEquallyManyNeighbours() {
    Curve thin = curve(1, 3, 5, 7, 9).thinned(3);
    assertThat(thin.x()).containsExactly(1.5, 3.5, 5);
    assertThat(thin.y()).containsExactly(2, 6, 9);
    Curve gaps = curve(Double.NaN, 3, Double.NaN, Double.NaN).thinned(2);
    assertThat(gaps.x()).containsExactly(1.5);
    assertThat(gaps.y()).containsExactly(3);
    assertThat(curve(1, 2).thinned(5).y()).containsExactly(1, 2);
  }
}
