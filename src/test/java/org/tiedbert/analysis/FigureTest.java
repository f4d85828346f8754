package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.text.InputException;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class FigureTest {
  private static final Table NUMBERS = Table.of("x", "y").row(1, 0.1 + 0.2).build();
  private static final double[] X = {0, 1, 2};

  @TempDir Path folder;

  private static Plot plot(double... y) {
    Series series = Series.of("a < b & \"c\"", X, y, Ink.marked(0));
    return new Plot("", Axis.whole("layer"), Axis.linear("error"), List.of(series));
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void isWrittenAsPictureVectorsAndNumbers() throws Exception {
    List<Path> files = Figure.of("fig", plot(1, 2, 3), NUMBERS).write(folder.resolve("new/one"));
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("fig.png", "fig.svg", "fig.csv");
    BufferedImage image = ImageIO.read(files.get(0).toFile());
    Document svg = parsed(Files.readString(files.get(1)));
    assertEquals("svg", svg.getDocumentElement().getTagName());
    assertEquals(
        2 * Integer.parseInt(svg.getDocumentElement().getAttribute("width")), image.getWidth());
    assertEquals(
        2 * Integer.parseInt(svg.getDocumentElement().getAttribute("height")), image.getHeight());
    assertThat(files.get(2)).hasContent("x,y\n1,0.30000000000000004");
    try (var left = Files.list(folder.resolve("new/one"))) {
      assertThat(left).hasSize(3);
    }
  }

  @Test
  void vectorsHaveTextNoIdsAndTheSameBytes() throws Exception {
    Figure figure = Figure.of("fig", plot(1, 2, 3), NUMBERS);
    String svg = figure.svg();
    assertThat(svg).isEqualTo(figure.svg()).doesNotContain(" id=", "NaN", "http://www.w3.org/1999");
    assertThat(svg).contains(">a &lt; b &amp; \"c\"<", ">layer<", ">error<", ">2.5<");
    NodeList texts = parsed(svg).getElementsByTagName("text");
    assertThat(texts.getLength()).isGreaterThan(8);
    assertThat(figure.png()).isEqualTo(figure.png());
  }

  @Test
  void aLineIsWhereItsNumbersAre() throws Exception {
    // given: an axis from 0 to 4 of which 1, 2 and 3 are a quarter, a half and three
    Plot plot =
        new Plot(
            "",
            Axis.linear("x").over(0, 2),
            Axis.linear("y").over(0, 4),
            List.of(Series.of("", X, new double[] {1, 2, 3}, Ink.line(0))));
    NodeList lines = parsed(Figure.of("f", plot, NUMBERS).svg()).getElementsByTagName("polyline");
    List<String> points = new ArrayList<>();
    for (int i = 0; i < lines.getLength(); i++) {
      points.add(lines.item(i).getAttributes().getNamedItem("points").getTextContent());
    }
    String[] corners = points.get(points.size() - 1).split("[ ,]"); // the border
    String[] line = points.get(points.size() - 2).split("[ ,]");
    double left = Double.parseDouble(corners[0]);
    double top = Double.parseDouble(corners[1]);
    double right = Double.parseDouble(corners[2]);
    double bottom = Double.parseDouble(corners[5]);
    assertEquals(left, Double.parseDouble(line[0]), 0.02);
    assertEquals((left + right) / 2, Double.parseDouble(line[2]), 0.02);
    assertEquals(right, Double.parseDouble(line[4]), 0.02);
    assertEquals(bottom - (bottom - top) / 4, Double.parseDouble(line[1]), 0.02);
    assertEquals(bottom - (bottom - top) / 2, Double.parseDouble(line[3]), 0.02);
    assertEquals(bottom - 3 * (bottom - top) / 4, Double.parseDouble(line[5]), 0.02);
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    assertThat(Figure.of("f", plot(1, Double.NaN, Double.POSITIVE_INFINITY), NUMBERS).svg())
        .doesNotContain("NaN", "Infinity");
    assertThat(Figure.of("f", plot(Double.NaN, Double.NaN, Double.NaN), NUMBERS).svg())
        .doesNotContain("NaN");
  }

  @Test
  void everyKindOfPanelIsDrawn() throws Exception {
    Series points = Series.of("points", X, new double[] {1, 10, 100}, Ink.points(1));
    Plot log =
        new Plot(
            "log",
            Axis.linear("x"),
            Axis.log("y"),
            List.of(points.withErrors(new double[] {0.5, 20, 1})),
            List.of(new Plot.Mark(1, 2)));
    Bars bars =
        new Bars(
            "bars",
            "task",
            List.of("CoLA", "a task of a very long name"),
            Axis.linear("score"),
            List.of(
                new Bars.Group("one", new double[] {0.5, -0.1}, Optional.empty(), 0),
                new Bars.Group(
                    "two", new double[] {1, Double.NaN}, Optional.of(new double[] {.1, .1}), 1)));
    HeatMap map =
        new HeatMap(
            "map",
            "column",
            List.of("a", "b", "c"),
            "row",
            List.of("first", "second"),
            new double[][] {{0, 0.5, 1}, {Double.NaN, 1, 0}},
            new Axis.Range(0, 1),
            "value",
            true);
    Figure figure = new Figure("all", List.of(log, bars, map), 2, NUMBERS);
    String svg = figure.svg();
    parsed(svg);
    assertThat(svg)
        .contains(">log<", ">bars<", ">map<", ">one<", ">100<", ">0.50<", "#08306b")
        .doesNotContain("NaN");
    assertThat(ImageIO.read(new ByteArrayInputStream(figure.png()))).isNotNull();
  }

  @Test
  void longNamesFitTheLegend() {
    String name = "a/very/long/name/".repeat(20) + "step-100";
    Legend legend = new Legend(List.of(new Panel.Key(name, Ink.marked(0))), 480);
    assertThat(legend.height()).isLessThan(40);
    String fitted = Lettering.TICK.fitted(name, 400);
    assertThat(fitted).startsWith("a/very").contains("\u2026").endsWith("step-100");
    assertThat(Lettering.TICK.width(fitted)).isLessThanOrEqualTo(400);
  }

  @Test
  void wrongShapesAreRefused() {
    assertThatThrownBy(() -> Series.of("s", X, new double[2], Ink.line(0)))
        .hasMessage("a series needs as many x as y and errors, got 3, 2 and 2");
    assertThatThrownBy(() -> Table.of("a", "b").row(1).build())
        .hasMessage("a row needs a value for each of [a, b], got [1]");
    assertThatThrownBy(() -> new Axis.Range(1, 1))
        .hasMessage("a range needs two finite numbers in ascending order, got 1.0 and 1.0");
    assertThatThrownBy(() -> new Figure("f", List.of(), 1, NUMBERS))
        .hasMessage("a figure needs panels and a column or more, got 0 and 1");
  }

  @Test
  void aJavaWithoutFontsIsToldInALine() {
    Runnable lacking =
        () -> {
          throw new ExceptionInInitializerError(
              new RuntimeException("Fontconfig head is null, check your fonts"));
        };
    assertThatThrownBy(() -> Lettering.requireFonts(lacking))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "figures need fonts and this Java finds none; install fontconfig and a font, such as the"
                + " packages fontconfig and fonts-liberation (Java says:"
                + " java.lang.RuntimeException: Fontconfig head is null, check your fonts)");
  }

  @Test
  void aFolderThatIsAFileIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Figure.of("fig", plot(1, 2, 3), NUMBERS).write(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("figure fig cannot be written");
  }
}
