package org.tiedbert.analysis;

import java.awt.Color;

/**
 * What figures are drawn on, so that pixels and vectors show the same. Places are in pixels of the
 * figure, from its upper left corner.
 */
public interface Canvas {
  /** A rectangle full of one colour. */
  void fill(double x, double y, double width, double height, Color color);

  /** A closed shape full of one colour, given by its corners. */
  void polygon(double[] x, double[] y, Color color);

  void disc(double x, double y, double radius, Color color);

  /** Joins points from the first to the last. */
  void line(double[] x, double[] y, Pen pen);

  /**
   * A text.
   *
   * @param x of the end or middle that the anchor says
   * @param y of the baseline
   * @param turned whether it reads upwards; x is then that of the baseline, y that of the anchor
   */
  void text(String text, double x, double y, Anchor anchor, Lettering lettering, boolean turned);

  /**
   * What a line is drawn with.
   *
   * @param width in pixels
   * @param dash of the dashes and the gaps between them, in pixels; 0 for none
   */
  record Pen(Color color, double width, double dash) {}

  /** Which part of a text stands at the place it is given. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** The same canvas, its upper left corner moved to the right and down. */
  default Canvas moved(double right, double down) {
    return new MovedCanvas(this, right, down);
  }

  default void text(String text, double x, double y, Anchor anchor, Lettering lettering) {
    text(text, x, y, anchor, lettering, false);
  }

  default void segment(double x1, double y1, double x2, double y2, Pen pen) {
    line(new double[] {x1, x2}, new double[] {y1, y2}, pen);
  }

  default void frame(double x, double y, double width, double height, Pen pen) {
    line(
        new double[] {x, x + width, x + width, x, x},
        new double[] {y, y, y + height, y + height, y},
        pen);
  }
}
