package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.chart.Drawn;

class ChartSheetTest {
  private static final String BLUE = "rgb(0,114,178)";

  @TempDir Path folder;

  private static Curve curve(String name, double... y) {
    double[] x = DoubleStream.iterate(1, i -> i + 1).limit(y.length).toArray();
    return new Curve(name, x, y);
  }

  private ChartSheet sheet() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("metrics.jsonl"),
            """
            {"kind":"stage","step":1,"stage":1}
            {"kind":"stage","step":2,"stage":2}
            """);
    return new ChartSheet(Metrics.read(file));
  }

  private static String html(ChartSheet sheet) {
    Section section = sheet.section().orElseThrow();
    return Templates.fill(section.template(), section.model());
  }

  @Test
  void pointsLieWhereTheirValuesAreAndKeysHaveTheirColours() throws Exception {
    ChartSheet sheet = sheet();
    sheet.draw(
        "loss <i>",
        List.of(curve("none"), curve("a & <b>", 9, 7, 8), curve("second", 7, 7, 7)),
        value -> "(%.1f)".formatted(value));
    String html = html(sheet);
    EmbeddedCharts embedded = EmbeddedCharts.of(html);
    assertThat(embedded.alts()).containsExactly("loss &lt;i&gt;, over steps");
    Drawn chart = embedded.charts().get(0);
    double[] line = chart.paths(BLUE).get(0);
    double[] constant = chart.paths("rgb(213,94,0)").get(0);
    double middle = (line[0] + line[4]) / 2; // of steps 1 and 3
    double below = constant[1]; // the line of 7
    assertArrayEquals(
        new double[] {line[0], line[1], middle, below, line[4], (line[1] + below) / 2}, line, 0.02);
    assertThat(line[1]).isLessThan(below);
    assertThat(chart.dotted()).containsExactly(middle); // stage 2, and not stage 1
    assertThat(chart.texts()).contains("step", "1", "2", "3", "7.0", "9.0");
    assertThat(html)
        .contains("loss &lt;i&gt;")
        .containsSubsequence(
            "background: #0072b2", "a &amp; &lt;b&gt;, last (8.0)",
            "background: #d55e00", "second, last (7.0)")
        .doesNotContain("none, last");
  }

  @Test
  void aSinglePointIsMarkedAndManyAreNot() throws Exception {
    ChartSheet sheet = sheet();
    sheet.draw("one", List.of(curve("one", 5)), Double::toString);
    sheet.draw("many", List.of(curve("many", new double[50])), Double::toString);
    EmbeddedCharts embedded = EmbeddedCharts.of(html(sheet));
    assertThat(embedded.charts().get(0).markers(BLUE)).hasSize(1);
    assertThat(embedded.charts().get(1).markers(BLUE)).isEmpty();
  }

  @Test
  void withoutPointsThereIsNoChart() throws Exception {
    ChartSheet sheet = sheet();
    sheet.draw("empty", List.of(curve("none")), Double::toString);
    assertThat(sheet.section()).isEmpty();
  }

  @Test
  void whatCouldNotBeDrawnIsSaidOnceAndItsValuesStay() {
    ChartSheet.Drawn chart =
        new ChartSheet.Drawn(
            "Loss",
            new ChartImage("loss", "", "figures need fonts"),
            List.of(new ChartSheet.Key("#0072b2", "training", "0.5")));
    String html =
        Templates.fill(
            "curves",
            new ChartSheet.Model("A remark.", "figures need fonts", List.of(chart, chart)));
    assertThat(html)
        .containsOnlyOnce("Charts could not be drawn: figures need fonts")
        .contains("training, last 0.5")
        .doesNotContain("<img");
  }
}
