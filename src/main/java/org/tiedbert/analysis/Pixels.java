package org.tiedbert.analysis;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A canvas of pixels, several of them for each of the figure's. To be closed. */
final class Pixels implements Canvas, AutoCloseable {
  private final BufferedImage image;
  private final Graphics2D graphics;

  /**
   * @param resolution pixels of the image for one of the figure, in both directions
   */
  Pixels(int width, int height, int resolution) {
    image = new BufferedImage(resolution * width, resolution * height, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.scale(resolution, resolution);
    hint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    hint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    hint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    hint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  private void hint(RenderingHints.Key key, Object value) {
    graphics.setRenderingHint(key, value);
  }

  /** What was drawn so far, as a PNG file. */
  byte[] png() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void fill(double x, double y, double width, double height, Color color) {
    graphics.setColor(color);
    graphics.fill(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void polygon(double[] x, double[] y, Color color) {
    Path2D path = path(x, y);
    path.closePath();
    graphics.setColor(color);
    graphics.fill(path);
  }

  @Override
  public void disc(double x, double y, double radius, Color color) {
    graphics.setColor(color);
    graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }

  @Override
  public void line(double[] x, double[] y, Pen pen) {
    float[] dashes = pen.dash() > 0 ? new float[] {(float) pen.dash()} : null;
    graphics.setColor(pen.color());
    graphics.setStroke(
        new BasicStroke(
            (float) pen.width(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0));
    graphics.draw(path(x, y));
  }

  private static Path2D path(double[] x, double[] y) {
    Path2D path = new Path2D.Double();
    path.moveTo(x[0], y[0]);
    for (int i = 1; i < x.length; i++) {
      path.lineTo(x[i], y[i]);
    }
    return path;
  }

  @Override
  public void text(
      String text, double x, double y, Anchor anchor, Lettering lettering, boolean turned) {
    double width = lettering.width(text);
    double before =
        switch (anchor) {
          case START -> 0;
          case MIDDLE -> width / 2;
          case END -> width;
        };
    AffineTransform origin = graphics.getTransform();
    graphics.translate(x, y);
    if (turned) {
      graphics.rotate(-Math.PI / 2);
    }
    graphics.setColor(lettering.color());
    graphics.setFont(lettering.font());
    graphics.drawString(text, (float) -before, 0f);
    graphics.setTransform(origin);
  }

  @Override
  public void close() {
    graphics.dispose();
  }
}
