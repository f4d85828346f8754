package org.tiedbert.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.tiedbert.text.InputException;

/**
 * Panels in rows of the same size, and one legend below them. The same panels are the same bytes.
 *
 * @param title what the picture is of, for those who do not see it
 * @param panels at least one
 * @param numColumns of panels
 * @param panelWidth in pixels
 * @param panelHeight in pixels
 */
public record Picture(
    String title, List<Panel> panels, int numColumns, double panelWidth, double panelHeight) {
  /** Pixels of a PNG for each of the picture's own, in both directions. */
  private static final int RESOLUTION = 2;

  private static final int[] PANEL_WIDTHS = {480, 450, 320, 270};

  public Picture {
    panels = List.copyOf(panels);
    if (panels.isEmpty() || numColumns < 1) {
      throw new IllegalArgumentException(
          "a picture needs panels and a column or more, got %d and %d"
              .formatted(panels.size(), numColumns));
    }
    numColumns = Math.min(numColumns, panels.size());
  }

  /**
   * One column of panels is as wide as a column of a paper, several are as wide as a page.
   *
   * @throws InputException if this Java has no fonts
   */
  public static Picture forPaper(String title, List<Panel> panels, int numColumns) {
    Fonts.require();
    int columns = Math.min(numColumns, panels.size());
    double width = PANEL_WIDTHS[Math.max(1, Math.min(columns, PANEL_WIDTHS.length)) - 1];
    double height = panels.stream().mapToDouble(panel -> panel.height(width)).max().orElse(0);
    return new Picture(title, panels, numColumns, width, height);
  }

  /**
   * As a PNG file, twice as fine as its pixels.
   *
   * @throws InputException if this Java has no fonts
   */
  public byte[] png() {
    Layout layout = layout();
    BufferedImage image =
        new BufferedImage(
            RESOLUTION * layout.width, RESOLUTION * layout.height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(RESOLUTION, RESOLUTION);
    layout.draw(graphics);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * As an SVG file, whose texts are text, and which needs no other file.
   *
   * @throws InputException if this Java has no fonts
   */
  public String svg() {
    Layout layout = layout();
    VectorPage page = new VectorPage(title, layout.width, layout.height);
    layout.draw(page.graphics());
    return page.svg();
  }

  private Layout layout() {
    Fonts.require();
    return new Layout();
  }

  /** Where panels and legend are. */
  private final class Layout {
    final int width = (int) Math.ceil(numColumns * panelWidth);
    final double panelsHeight = (panels.size() + numColumns - 1) / numColumns * panelHeight;
    final Legend legend =
        new Legend(
            panels.stream().flatMap(panel -> panel.keys().stream()).distinct().toList(), width);
    final int height = (int) Math.ceil(panelsHeight + legend.height());

    void draw(Graphics2D graphics) {
      HouseStyle.smooth(graphics);
      graphics.setColor(Color.WHITE);
      graphics.fill(new Rectangle2D.Double(0, 0, width, height));
      for (int i = 0; i < panels.size(); i++) {
        double left = i % numColumns * panelWidth;
        double top = i / numColumns * panelHeight;
        panels.get(i).draw(graphics, new Rectangle2D.Double(left, top, panelWidth, panelHeight));
      }
      legend.draw(graphics, width, panelsHeight);
    }
  }
}
