package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.chart.Axis;
import org.tiedbert.chart.Drawn;
import org.tiedbert.chart.Ink;
import org.tiedbert.chart.Plot;
import org.tiedbert.chart.Series;
import org.tiedbert.text.InputException;

class FigureTest {
  private static final Table NUMBERS = Table.of("x", "y").row(1, 0.1 + 0.2).build();

  @TempDir Path folder;

  private static Figure figure() {
    double[] x = {0, 1, 2};
    Series series = Series.of("a < b & \"c\"", x, new double[] {1, 2, 3}, Ink.marked(0));
    Plot plot = new Plot("", Axis.whole("layer"), Axis.linear("error"), List.of(series));
    return Figure.of("fig", plot, NUMBERS);
  }

  @Test
  void isWrittenAsPictureVectorsAndNumbers() throws Exception {
    List<Path> files = figure().write(folder.resolve("new/one"));
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("fig.png", "fig.svg", "fig.csv");
    BufferedImage image = ImageIO.read(files.get(0).toFile());
    Drawn svg = Drawn.of(Files.readString(files.get(1)));
    assertThat(svg.texts()).contains("layer", "error", "0", "1", "2", "2.5", "a < b & \"c\"");
    assertEquals(2 * 480, image.getWidth());
    assertEquals(2 * Integer.parseInt(svg.svg().getAttribute("height")), image.getHeight());
    assertThat(files.get(2)).hasContent("x,y\n1,0.30000000000000004");
    try (var left = Files.list(folder.resolve("new/one"))) {
      assertThat(left).hasSize(3);
    }
  }

  @Test
  void wrongShapesAreRefused() {
    assertThatThrownBy(() -> Table.of("a", "b").row(1).build())
        .hasMessage("a row needs a value for each of [a, b], got [1]");
    assertThatThrownBy(() -> new Figure("f", List.of(), 1, NUMBERS))
        .hasMessage("a figure needs panels and a column or more, got 0 and 1");
  }

  @Test
  void aFolderThatIsAFileIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> figure().write(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("figure fig cannot be written");
  }
}
