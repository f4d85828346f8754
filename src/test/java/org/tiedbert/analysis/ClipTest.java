package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClipTest {
  private static final Canvas.Pen PEN = new Canvas.Pen(Color.BLACK, 1, 0);

  private static List<String> clipped(double[] x, double[] y) {
    Vectors vectors = new Vectors(10, 10, "clip");
    new Clip(0, 0, 10, 10).line(vectors, x, y, PEN);
    List<String> lines = new ArrayList<>();
    Arrays.stream(vectors.svg().split("\n"))
        .filter(line -> line.startsWith("<polyline"))
        .forEach(line -> lines.add(line.split("\"")[1]));
    return lines;
  }

  @Test
  void keepsWhatIsWithin() {
    assertThat(clipped(new double[] {1, 5, 9}, new double[] {1, 2, 3}))
        .containsExactly("1,1 5,2 9,3");
  }

  @Test
  void cutsAtTheBorderAndGoesOnWhereTheLineComesBack() {
    assertThat(clipped(new double[] {0, 4, 8}, new double[] {5, 15, 5}))
        .containsExactly("0,5 2,10", "6,10 8,5");
    assertThat(clipped(new double[] {-5, 15}, new double[] {5, 5})).containsExactly("0,5 10,5");
  }

  @Test
  void leavesOutWhatIsBeyond() {
    assertThat(clipped(new double[] {1, 9}, new double[] {11, 12})).isEmpty();
    assertThat(clipped(new double[] {-5, 5}, new double[] {7, 17})).isEmpty();
  }
}
