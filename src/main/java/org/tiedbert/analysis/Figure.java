package org.tiedbert.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/**
 * A picture for a paper and the numbers that it shows: panels in rows, a legend below them. One
 * column of panels is as wide as a column of a paper, several are as wide as a page.
 *
 * @param name of its files, without an ending
 * @param panels at least one
 * @param numColumns of panels
 * @param numbers at full precision; may say more than the picture
 */
public record Figure(String name, List<Panel> panels, int numColumns, Table numbers) {
  /** Pixels of the PNG for each of the picture's own, in both directions. */
  private static final int RESOLUTION = 2;

  private static final int[] PANEL_WIDTHS = {480, 450, 320, 270};

  public Figure {
    panels = List.copyOf(panels);
    if (panels.isEmpty() || numColumns < 1) {
      throw new IllegalArgumentException(
          "a figure needs panels and a column or more, got %d and %d"
              .formatted(panels.size(), numColumns));
    }
  }

  /** A figure of one panel. */
  public static Figure of(String name, Panel panel, Table numbers) {
    return new Figure(name, List.of(panel), 1, numbers);
  }

  /**
   * Writes {@code NAME.png}, {@code NAME.svg} and {@code NAME.csv}, each whole or not at all, over
   * those of before. All are made before the first is written.
   *
   * @param folder made if it does not exist
   * @return the three files
   * @throws InputException if they cannot be written, or this Java has no fonts
   */
  public List<Path> write(Path folder) {
    Map<Path, byte[]> files = new LinkedHashMap<>();
    files.put(folder.resolve(name + ".png"), png());
    files.put(folder.resolve(name + ".svg"), svg().getBytes(UTF_8));
    files.put(folder.resolve(name + ".csv"), numbers.csv().getBytes(UTF_8));
    try {
      Files.createDirectories(folder);
      for (Map.Entry<Path, byte[]> file : files.entrySet()) {
        WholeFile.write(file.getKey(), file.getValue());
      }
    } catch (IOException e) {
      throw new InputException(
          "figure %s cannot be written: %s".formatted(name, FileProblem.of(e)), e);
    }
    return List.copyOf(files.keySet());
  }

  /** The picture as a PNG file, twice as fine as its pixels. */
  public byte[] png() {
    Lettering.requireFonts();
    Layout layout = new Layout();
    try (Pixels pixels = new Pixels(layout.width, layout.height, RESOLUTION)) {
      layout.paint(pixels);
      return pixels.png();
    }
  }

  /**
   * The picture as an {@code svg} element with {@code viewBox}, to be a file of its own or a part
   * of a page of HTML: it has no ids, so that many share a page, and needs no other file.
   */
  public String svg() {
    Lettering.requireFonts();
    Layout layout = new Layout();
    Vectors vectors = new Vectors(layout.width, layout.height, name);
    layout.paint(vectors);
    return vectors.svg();
  }

  /** Where panels and legend are. */
  private final class Layout {
    final int panelWidth =
        PANEL_WIDTHS[Math.min(Math.min(numColumns, panels.size()), PANEL_WIDTHS.length) - 1];
    final double panelHeight =
        panels.stream().mapToDouble(panel -> panel.height(panelWidth)).max().orElseThrow();
    final int columns = Math.min(numColumns, panels.size());
    final int width = columns * panelWidth;
    final double panelsHeight = (panels.size() + columns - 1) / columns * panelHeight;
    final Legend legend =
        new Legend(
            panels.stream().flatMap(panel -> panel.keys().stream()).distinct().toList(), width);
    final int height = (int) Math.ceil(panelsHeight + legend.height());

    void paint(Canvas canvas) {
      canvas.fill(0, 0, width, height, Color.WHITE);
      for (int i = 0; i < panels.size(); i++) {
        Canvas part = canvas.moved(i % columns * panelWidth, i / columns * panelHeight);
        panels.get(i).paint(part, panelWidth, panelHeight);
      }
      legend.paint(canvas, panelsHeight);
    }
  }
}
