package org.tiedbert.chart;

import java.awt.Color;
import org.jfree.chart.renderer.PaintScale;

/**
 * Colours of heat maps, from white over blue to nearly black: ColorBrewer's Blues, darker at the
 * end. Lightness falls evenly, so that they are told apart in grey and by everybody.
 *
 * @param range what the lightest and the darkest stand for; what is beyond is drawn as these
 */
record Shade(Axis.Range range) implements PaintScale {
  private static final int[] STOPS = {
    0xFFFFFF, 0xDEEBF7, 0xC6DBEF, 0x9ECAE1, 0x6BAED6, 0x4292C6, 0x2171B5, 0x08519C, 0x08306B
  };

  @Override
  public double getLowerBound() {
    return range.from();
  }

  @Override
  public double getUpperBound() {
    return range.to();
  }

  @Override
  public Color getPaint(double value) {
    double place = Math.min(1, Math.max(0, share(value))) * (STOPS.length - 1);
    int below = (int) Math.min(place, STOPS.length - 2);
    double above = place - below;
    return new Color(mixed(below, above, 16), mixed(below, above, 8), mixed(below, above, 0));
  }

  /** Whether what is written on it must be white. */
  boolean isDark(double value) {
    return share(value) > 0.5;
  }

  private double share(double value) {
    return (value - range.from()) / (range.to() - range.from());
  }

  private static int mixed(int below, double above, int shift) {
    int from = STOPS[below] >> shift & 0xFF;
    int to = STOPS[below + 1] >> shift & 0xFF;
    return (int) Math.round(from + above * (to - from));
  }
}
