package org.tiedbert.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BarsTest {
  private static final String BLUE = "rgb(0,114,178)";
  private static final String VERMILION = "rgb(213,94,0)";
  private static final String INK = "rgb(34,34,34)";

  private static Bars bars(List<String> categories, Bars.Group... groups) {
    return new Bars("", "task", categories, Axis.linear("score").over(-1, 1), List.of(groups));
  }

  private static Bars.Group group(int color, double... values) {
    return new Bars.Group("group " + color, values, Optional.empty(), color);
  }

  @Test
  void barsReachFromZeroToTheirValues() throws Exception {
    Drawn drawn =
        Drawn.of(bars(List.of("CoLA", "MNLI"), group(0, 0.5, -0.25), group(1, 1, Double.NaN)));
    double[] border = drawn.borders().get(0);
    double zero = border[1] + border[3] / 2;
    List<double[]> blue = drawn.boxes(BLUE);
    assertEquals(zero - border[3] / 4, blue.get(0)[1], 0.01);
    assertEquals(border[3] / 4, blue.get(0)[3], 0.01);
    assertEquals(zero, blue.get(1)[1], 0.01);
    assertEquals(border[3] / 8, blue.get(1)[3], 0.01);
    List<double[]> vermilion = drawn.boxes(VERMILION).stream().filter(b -> b[3] > 10).toList();
    assertThat(vermilion).hasSize(1);
    assertEquals(border[3] / 2, vermilion.get(0)[3], 0.01);
    assertThat(vermilion.get(0)[0]).isGreaterThanOrEqualTo(blue.get(0)[0] + blue.get(0)[2]);
    assertThat(drawn.texts()).contains("CoLA", "MNLI", "task", "group 0", "group 1");
  }

  @Test
  void errorBarsReachFromBelowToAbove() throws Exception {
    Bars.Group measured =
        new Bars.Group("", new double[] {0.5}, Optional.of(new double[] {0.25}), 0);
    Drawn drawn = Drawn.of(bars(List.of("CoLA"), measured));
    double[] border = drawn.borders().get(0);
    double[] bar = drawn.lines(INK).get(0);
    assertEquals(border[3] / 4, Math.abs(bar[1] - bar[3]), 0.01); // half of one in two
  }

  @Test
  void longNamesAreTurnedAndCut() throws Exception {
    String name = "a task of a very, very, very long name indeed";
    Drawn drawn = Drawn.of(bars(List.of("CoLA", name), group(0, 1, 1)));
    assertThat(drawn.texts())
        .contains("CoLA")
        .doesNotContain(name)
        .anyMatch(t -> t.endsWith("..."));
    assertThat(
            drawn
                .all("text")
                .filter(text -> text.getTextContent().equals("CoLA"))
                .map(text -> Drawn.attribute(text, "transform")))
        .allMatch(turned -> turned.startsWith("matrix(0,-1,1,0,"));
  }

  @Test
  void wrongShapesAreRefused() {
    assertThatThrownBy(() -> bars(List.of("a", "b"), group(0, 1)))
        .hasMessage("bars need a value for each of 2 categories, group 0 has 1");
    assertThatThrownBy(() -> bars(List.of("a", "a"), group(0, 1, 2)))
        .hasMessage("categories must differ, got [a, a]");
    assertThatThrownBy(() -> new Bars("", "", List.of("a"), Axis.log("y"), List.of(group(0, 1))))
        .hasMessage("bars begin at zero, which no logarithmic axis has");
  }
}
