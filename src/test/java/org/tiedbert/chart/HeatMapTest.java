package org.tiedbert.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class HeatMapTest {
  private static final double[][] VALUES = {{0, 0.5, 1}, {Double.NaN, 1, 0.25}};

  private static HeatMap map(double[][] values, boolean numbers) {
    return new HeatMap(
        "title",
        "column",
        names("c", values[0].length),
        "row",
        names("r", values.length),
        values,
        new Axis.Range(0, 1),
        "value",
        numbers);
  }

  private static List<String> names(String start, int count) {
    return IntStream.range(0, count).mapToObj(i -> start + i).toList();
  }

  @Test
  void cellsAreSquareAndOfTheirValuesColoursTheFirstRowOnTop() throws Exception {
    Picture picture = Picture.forPaper("f", List.of(map(VALUES, false)), 1);
    double[] border = Drawn.of(picture).borders().get(0);
    double cell = border[2] / 3;
    assertThat(border[3] / 2).isCloseTo(cell, within(0.6)); // borders are at whole pixels
    assertThat(cell).isGreaterThan(90);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png()));
    // of ColorBrewer's nine blues, white before the first, the first, third, middle and last
    int[][] colors = {{0xFFFFFF, 0x6BAED6, 0x08306B}, {0xFFFFFF, 0x08306B, 0xC6DBEF}};
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 3; column++) {
        int x = (int) (2 * (border[0] + (column + 0.5) * cell));
        int y = (int) (2 * (border[1] + (row + 0.5) * cell));
        assertEquals(colors[row][column], image.getRGB(x, y) & 0xFFFFFF, row + " " + column);
      }
    }
  }

  @Test
  void numbersStandInTheirCellsDarkOnLightAndLightOnDark() throws Exception {
    Drawn drawn = Drawn.of(map(VALUES, true));
    double[] border = drawn.borders().get(0);
    assertThat(drawn.texts()).contains("0.00", "0.50", "1.00", "0.25").doesNotContain("NaN");
    assertThat(Drawn.of(map(VALUES, false)).texts()).doesNotContain("0.50");
    Element half = number(drawn, "0.50");
    assertEquals("rgb(34,34,34)", Drawn.attribute(half, "fill"));
    assertThat(Drawn.number(half, "x"))
        .isBetween(border[0] + border[2] / 3, border[0] + border[2] / 2);
    assertThat(Drawn.number(half, "y")).isBetween(border[1], border[1] + border[3] / 2);
    assertEquals("white", Drawn.attribute(number(drawn, "1.00"), "fill"));
  }

  private static Element number(Drawn drawn, String text) {
    return drawn
        .all("text")
        .filter(one -> one.getTextContent().equals(text))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theScaleOfColoursIsAsHighAsTheCells() throws Exception {
    Drawn drawn = Drawn.of(map(VALUES, false));
    double[] border = drawn.borders().get(0);
    assertThat(drawn.texts()).contains("0.0", "1.0", "value", "title", "row", "column", "r0", "c2");
    List<double[]> darkest = drawn.boxes("rgb(8,52,113)"); // of 64 steps the uppermost
    assertThat(darkest).hasSize(1);
    assertThat(darkest.get(0)[1]).isCloseTo(border[1], within(1.5));
    assertThat(darkest.get(0)[0]).isGreaterThan(border[0] + border[2]);
  }

  @Test
  void aShortSentenceHasAllItsNamesInThreeColumnsToo() throws Exception {
    HeatMap map = map(new double[12][12], false);
    Drawn drawn = Drawn.of(Picture.forPaper("f", List.of(map, map, map), 3));
    assertThat(drawn.texts()).containsAll(names("r", 12)).containsAll(names("c", 12));
  }

  @Test
  void manyNamesAreTurnedAndThinnedAndLongOnesCut() throws Exception {
    double[][] values = new double[60][60];
    Drawn drawn = Drawn.of(map(values, true));
    List<String> rows = drawn.texts().stream().filter(text -> text.matches("r\\d+")).toList();
    assertThat(rows).contains("r0").doesNotContain("r1").hasSizeBetween(15, 40);
    assertThat(drawn.texts()).doesNotContain("0.00");
    assertThat(Drawn.attribute(number(drawn, "c0"), "transform")).startsWith("matrix(0,-1,1,0,");
    String name = "a token of very, very, very many letters";
    HeatMap one =
        new HeatMap(
            "",
            "",
            List.of("c"),
            "",
            List.of(name),
            new double[][] {{1}},
            new Axis.Range(0, 1),
            "",
            false);
    assertThat(Drawn.of(one).texts())
        .doesNotContain(name)
        .anyMatch(text -> text.matches("a tok.*\u2026.*letters"));
  }

  @Test
  void valuesBeyondTheRangeHaveTheColoursOfItsEnds() {
    Shade shade = new Shade(new Axis.Range(-1, 1));
    assertThat(shade.getPaint(-5)).isEqualTo(shade.getPaint(-1));
    assertThat(shade.getPaint(5)).isEqualTo(shade.getPaint(1));
    assertEquals(0xFF6BAED6, shade.getPaint(0).getRGB());
  }

  @Test
  void wrongShapesAreRefused() {
    assertThatThrownBy(() -> map(new double[][] {{1, 2}, {1}}, false))
        .hasMessage("a heat map needs 2 values a row, row 1 has 1");
  }
}
