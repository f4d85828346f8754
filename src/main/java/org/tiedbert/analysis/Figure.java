package org.tiedbert.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tiedbert.chart.Panel;
import org.tiedbert.chart.Picture;
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

  /** What it shows. */
  public Picture picture() {
    return Picture.forPaper(name, panels, numColumns);
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
    Picture picture = picture();
    files.put(folder.resolve(name + ".png"), picture.png());
    files.put(folder.resolve(name + ".svg"), picture.svg().getBytes(UTF_8));
    files.put(folder.resolve(name + ".csv"), numbers.csv().getBytes(UTF_8));
    try {
      WholeFile.makeFolder(folder);
      for (Map.Entry<Path, byte[]> file : files.entrySet()) {
        WholeFile.write(file.getKey(), file.getValue());
      }
    } catch (IOException e) {
      throw new InputException(
          "figure %s cannot be written: %s".formatted(name, FileProblem.of(e)), e);
    }
    return List.copyOf(files.keySet());
  }
}
