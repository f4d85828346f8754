package org.tiedbert.analysis;

import java.awt.Color;
import java.util.stream.DoubleStream;

/** A part of another canvas, which begins further to the right and down. */
record MovedCanvas(Canvas whole, double right, double down) implements Canvas {
  @Override
  public void fill(double x, double y, double width, double height, Color color) {
    whole.fill(x + right, y + down, width, height, color);
  }

  @Override
  public void polygon(double[] x, double[] y, Color color) {
    whole.polygon(moved(x, right), moved(y, down), color);
  }

  @Override
  public void disc(double x, double y, double radius, Color color) {
    whole.disc(x + right, y + down, radius, color);
  }

  @Override
  public void line(double[] x, double[] y, Pen pen) {
    whole.line(moved(x, right), moved(y, down), pen);
  }

  @Override
  public void text(
      String text, double x, double y, Anchor anchor, Lettering lettering, boolean turned) {
    whole.text(text, x + right, y + down, anchor, lettering, turned);
  }

  private static double[] moved(double[] values, double by) {
    return DoubleStream.of(values).map(value -> value + by).toArray();
  }
}
