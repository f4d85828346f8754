package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class LineChartTest {
  private static Curve curve(String name, double... y) {
    double[] x = DoubleStream.iterate(1, i -> i + 1).limit(y.length).toArray();
    return new Curve(name, x, y);
  }

  private static Document parsed(LineChart chart) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(chart.svg())));
  }

  @Test
  void pointsLieWhereTheirValuesAre() throws Exception {
    LineChart chart = new LineChart("loss", List.of(curve("a & <b>", 9, 7, 8)), List.of(2.0));
    Document svg = parsed(chart);
    Element line = (Element) svg.getElementsByTagName("polyline").item(0);
    double[][] points =
        List.of(line.getAttribute("points").split(" ")).stream()
            .map(point -> List.of(point.split(",")).stream().mapToDouble(Double::parseDouble))
            .map(DoubleStream::toArray)
            .toArray(double[][]::new);
    // x from 1 to 3 and y from 7 to 9 fill the frame: 50 to 448, 190 to 10
    assertThat(points).isEqualTo(new double[][] {{50, 10}, {249, 190}, {448, 100}});
    assertThat(line.getTextContent()).isEqualTo("a & <b>");
    assertThat(chart.svg()).contains("class=\"mark\" d=\"M249.0 10.0 L249.0 190.0\"");
  }

  @Test
  void aSinglePointIsADotAndEmptyCurvesAreLeftOut() throws Exception {
    LineChart chart = new LineChart("t", List.of(curve("none"), curve("one", 5)), List.of());
    assertThat(chart.curves()).extracting(Curve::name).containsExactly("one");
    assertThat(parsed(chart).getElementsByTagName("circle").getLength()).isEqualTo(1);
    assertThat(new LineChart("t", List.of(curve("none")), List.of()).isEmpty()).isTrue();
  }

  @Test
  void constantAndTinyAndHugeValuesHaveAxes() throws Exception {
    for (double value : new double[] {0, 1, -3, 1e-9, 1e12}) {
      String svg = new LineChart("t", List.of(curve("c", value, value)), List.of()).svg();
      assertThat(svg).doesNotContain("NaN", "Infinity", "∞");
    }
  }

  @Test
  void ticksAreRoundAndAround() {
    assertThat(Axis.around(0.3, 9.1, 5).ticks()).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0, 10.0);
    assertThat(Axis.around(6.6, 8.9, 5).ticks().get(0)).isCloseTo(6.5, within(1e-9));
    Axis steps = Axis.ofCounts(1, 60, 5);
    assertThat(steps.ticks()).containsExactly(20.0, 40.0, 60.0);
    assertThat(Axis.ofCounts(1, 1, 5)).isEqualTo(new Axis(1, 2, List.of(1.0, 2.0)));
    assertThat(steps.label(20)).isEqualTo("20");
    assertThat(Axis.around(6.6, 8.9, 5).label(7.5)).isEqualTo("7.5");
    assertThat(Axis.around(0, 80_000, 5).label(20_000)).isEqualTo("20k");
    assertThat(Axis.around(0, 1e-3, 5).label(2e-4)).isEqualTo("2e-4");
  }

  @Test
  void thinningTakesMeansOfEquallyManyNeighbours() {
    Curve thin = curve("c", 1, 3, 5, 7, 9).thinned(3);
    assertThat(thin.x()).containsExactly(1.5, 3.5, 5);
    assertThat(thin.y()).containsExactly(2, 6, 9);
    Curve gaps = curve("c", Double.NaN, 3, Double.NaN, Double.NaN).thinned(2);
    assertThat(gaps.x()).containsExactly(1.5);
    assertThat(gaps.y()).containsExactly(3);
    assertThat(curve("c", 1, 2).thinned(5).y()).containsExactly(1, 2);
  }
}
