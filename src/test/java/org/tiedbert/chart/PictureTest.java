package org.tiedbert.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class PictureTest {
  private static final double[] X = {0, 1, 2};
  private static final String BLUE = "rgb(0,114,178)";
  private static final String VERMILION = "rgb(213,94,0)";

  private static Series series(Ink ink, double... y) {
    return Series.of("", X, y, ink);
  }

  private static Plot plot(Series... series) {
    return new Plot("", Axis.linear("x").over(0, 2), Axis.linear("y").over(0, 4), List.of(series));
  }

  private static BufferedImage pixels(Picture picture) throws Exception {
    return ImageIO.read(new ByteArrayInputStream(picture.png()));
  }

  @Test
  void aLineIsWhereItsNumbersAre() throws Exception {
    // given: an axis from 0 to 4 of which 1, 2 and 3 are a quarter, a half and three
    Drawn drawn = Drawn.of(plot(series(Ink.line(0), 1, 2, 3)));
    double[] border = drawn.borders().get(0);
    double left = border[0];
    double bottom = border[1] + border[3];
    // then
    assertArrayEquals(
        new double[] {
          left,
          bottom - border[3] / 4,
          left + border[2] / 2,
          bottom - border[3] / 2,
          left + border[2],
          bottom - border[3] * 3 / 4
        },
        drawn.paths(BLUE).get(0),
        0.01);
  }

  @Test
  void errorBarsReachFromBelowToAbove() throws Exception {
    Series measured = series(Ink.points(1), 1, 2, 3).withErrors(new double[] {0, 1, Double.NaN});
    Drawn drawn = Drawn.of(plot(measured));
    double[] border = drawn.borders().get(0);
    double bottom = border[1] + border[3];
    double middle = border[0] + border[2] / 2;
    // of the one point that has an error a bar from 1 to 3, and two caps
    assertThat(drawn.lines(VERMILION)).hasSize(3);
    assertArrayEquals(
        new double[] {middle, bottom - border[3] / 4, middle, bottom - border[3] * 3 / 4},
        drawn.lines(VERMILION).get(0),
        0.01);
    assertThat(drawn.paths(VERMILION)).isEmpty();
  }

  @Test
  void marksAreDottedFromTheBottomToTheTop() throws Exception {
    Plot plain = plot(series(Ink.line(0), 1, 2, 3));
    List<Plot.Mark> marks = List.of(new Plot.Mark(0.5, 1), new Plot.Mark(7, 1));
    Drawn drawn = Drawn.of(new Plot("", plain.x(), plain.y(), plain.series(), marks));
    double[] border = drawn.borders().get(0);
    assertThat(drawn.dotted()).hasSize(1).first().isEqualTo(border[0] + border[2] / 4);
    assertArrayEquals(
        new double[] {border[1], border[1] + border[3]},
        new double[] {drawn.lines(VERMILION).get(0)[1], drawn.lines(VERMILION).get(0)[3]},
        0.01);
  }

  @Test
  void whatIsNoNumberIsLeftOutAndItsNeighboursAreJoined() throws Exception {
    Drawn drawn = Drawn.of(plot(series(Ink.line(0), 1, Double.NaN, 3)));
    assertThat(drawn.paths(BLUE).get(0)).hasSize(4);
    for (double none : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      Plot plot =
          new Plot(
              "",
              Axis.whole("x"),
              Axis.linear("y"),
              List.of(series(Ink.marked(0), none, none, none)));
      assertThat(Picture.forPaper("f", List.of(plot), 1).svg()).doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void constantAndTinyAndHugeValuesHaveAxes() throws Exception {
    for (double value : new double[] {0, 1, -3, 1e-9, 1e12, 1e-300, 1e300}) {
      Plot plot =
          new Plot(
              "",
              Axis.whole("x"),
              Axis.linear("y"),
              List.of(series(Ink.line(0), value, value, value)));
      assertThat(Drawn.of(plot).texts())
          .hasSizeBetween(5, 30)
          .noneMatch(text -> text.contains("NaN") || text.contains("\u221e"));
    }
  }

  @Test
  void seriesDifferInColourAndShape() throws Exception {
    double[] one = {1};
    Series[] five =
        IntStream.range(0, 5)
            .mapToObj(i -> Series.of("", one, one, Ink.points(i)))
            .toArray(Series[]::new);
    List<String> shapes = new ArrayList<>();
    Drawn drawn = Drawn.of(plot(five));
    drawn
        .all("path")
        .filter(path -> Drawn.attribute(path, "stroke").equals("none"))
        .forEach(path -> shapes.add(path.getAttribute("d")));
    assertThat(shapes).hasSize(5).doesNotHaveDuplicates();
    double[] border = drawn.borders().get(0);
    for (String color : List.of(BLUE, VERMILION, "rgb(0,158,115)")) {
      double[] marker = drawn.markers(color).get(0);
      assertEquals(border[0] + border[2] / 2, marker[0], 0.5);
      assertEquals(border[1] + border[3] * 3 / 4, marker[1], 0.6);
    }
  }

  @Test
  void countsHaveTicksAtWholeNumbers() throws Exception {
    Plot plot =
        new Plot(
            "", Axis.whole("layer"), Axis.linear("y").over(0, 1), List.of(series(Ink.line(0), X)));
    assertThat(Drawn.of(plot).texts())
        .containsExactly("0", "1", "2", "layer", "0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "y");
  }

  @Test
  void labelsOfTicksHaveAsManyPlacesAsTheyNeed() throws Exception {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(texts(Axis.linear("y").over(-130, 260))).contains("\u2212100", "0", "100");
      assertThat(texts(Axis.linear("y").over(0, 12_100))).contains("0", "2,000", "12,000");
      assertThat(texts(Axis.linear("y").over(0, 3e-5))).contains("0", "1E\u22125", "3E\u22125");
      assertThat(texts(Axis.linear("y").over(-0.3, 0.3))).contains("0.0", "\u22120.1");
    } finally {
      Locale.setDefault(before);
    }
  }

  private static List<String> texts(Axis y) throws Exception {
    return Drawn.of(new Plot("", Axis.whole("x"), y, List.of())).texts();
  }

  @Test
  void panelsStandSideBySideOverOneLegend() throws Exception {
    Series both = Series.of("both & <all>", X, X, Ink.marked(0));
    Series second = Series.of("second", X, X, Ink.dashed(1));
    Plot left = new Plot("left", Axis.whole("x"), Axis.linear("y"), List.of(both));
    Plot right = new Plot("right", Axis.whole("x"), Axis.linear("y"), List.of(both, second));
    Drawn drawn = Drawn.of(Picture.forPaper("f", List.of(left, right, left), 2));
    assertThat(drawn.svg().getAttribute("viewBox")).startsWith("0 0 900 ");
    List<double[]> borders = drawn.borders();
    assertThat(borders).hasSize(3);
    assertThat(borders.get(0)[0]).isLessThan(450);
    assertArrayEquals(
        new double[] {borders.get(0)[0] + 450, borders.get(0)[1]},
        new double[] {borders.get(1)[0], borders.get(1)[1]});
    assertEquals(borders.get(0)[1] + 324, borders.get(2)[1]); // 0.72 of 450 further down
    assertThat(drawn.texts())
        .containsOnlyOnce("both & <all>", "second", "right")
        .endsWith("both & <all>", "second");
  }

  @Test
  void longNamesFitTheLegend() throws Exception {
    String name = "a/very/long/name/".repeat(20) + "step-100";
    Plot plot = plot(Series.of(name, X, X, Ink.marked(0)));
    List<String> texts = Drawn.of(plot).texts();
    String shown = texts.get(texts.size() - 1);
    assertThat(shown).startsWith("a/very").contains("\u2026").endsWith("step-100");
    assertThat(Fonts.width(shown, Fonts.of(13))).isBetween(300.0, 420.0);
  }

  @Test
  void pixelsAreTwiceAsFineAndOfTheSeriesColours() throws Exception {
    Picture picture = Picture.forPaper("f", List.of(plot(series(Ink.marked(1), 1, 2, 3))), 1);
    Drawn drawn = Drawn.of(picture);
    BufferedImage image = pixels(picture);
    assertEquals(2 * 480, image.getWidth());
    assertEquals(2 * Integer.parseInt(drawn.svg().getAttribute("height")), image.getHeight());
    double[] border = drawn.borders().get(0);
    int x = (int) (2 * (border[0] + border[2] / 2));
    int y = (int) (2 * (border[1] + border[3] / 2));
    assertEquals(0xFFD55E00, image.getRGB(x, y));
    assertEquals(0xFFFFFFFF, image.getRGB(x, y + 30));
    assertEquals(0xFFFFFFFF, image.getRGB(0, 0));
  }

  @Test
  void vectorsAreTextAndLinkToNothing() {
    String svg = Picture.forPaper("a \"b\"", List.of(plot(series(Ink.line(0), X))), 1).svg();
    assertThat(svg)
        .startsWith("<svg ")
        .contains("aria-label=\"a &quot;b&quot;\"", ">x</text>", ">y</text>", "'Liberation Sans'")
        .doesNotContain("href", "<!DOCTYPE", "<image");
  }

  @Test
  void theSamePanelsAreTheSameBytes() {
    Picture picture = Picture.forPaper("f", List.of(plot(series(Ink.marked(0), 1, 2, 3))), 1);
    assertThat(picture.svg()).isEqualTo(picture.svg());
    assertThat(picture.png()).isEqualTo(picture.png());
  }

  @Test
  void wrongShapesAreRefused() {
    assertThatThrownBy(() -> Series.of("s", X, new double[2], Ink.line(0)))
        .hasMessage("a series needs as many x as y and errors, got 3, 2 and 2");
    assertThatThrownBy(() -> new Axis.Range(1, 1))
        .hasMessage("a range needs two finite numbers in ascending order, got 1.0 and 1.0");
    assertThatThrownBy(() -> Picture.forPaper("f", List.of(), 1))
        .hasMessage("a picture needs panels and a column or more, got 0 and 1");
  }
}
