package org.tiedbert.analysis;

import java.awt.Color;
import java.util.List;

/**
 * Colours, lines and markers of all figures. The colours are those that colour-blind people tell
 * apart (Okabe and Ito 2008), without their yellow, which white paper swallows.
 */
final class HouseStyle {
  static final Color GREY = new Color(0x66, 0x66, 0x66);
  static final Canvas.Pen BORDER = new Canvas.Pen(new Color(0x99, 0x99, 0x99), 1, 0);
  static final Canvas.Pen GRID = new Canvas.Pen(new Color(0xE3, 0xE3, 0xE3), 0.8, 0);

  private static final double LINE_WIDTH = 1.8;
  private static final double MARKER_RADIUS = 3.6;

  private static final List<Color> COLORS =
      List.of(
          new Color(0x00, 0x72, 0xB2), // blue
          new Color(0xD5, 0x5E, 0x00), // vermilion
          new Color(0x00, 0x9E, 0x73), // bluish green
          new Color(0xCC, 0x79, 0xA7), // reddish purple
          new Color(0xE6, 0x9F, 0x00), // orange
          new Color(0x56, 0xB4, 0xE9), // sky blue
          new Color(0x00, 0x00, 0x00));

  /** Corners of markers around their place, as multiples of the radius; of a disc none. */
  private static final double[][][] MARKERS = {
    {{}, {}},
    {{-0.9, 0.9, 0.9, -0.9}, {-0.9, -0.9, 0.9, 0.9}},
    {{0, 1.15, -1.15}, {-1.2, 0.9, 0.9}},
    {{0, 1.3, 0, -1.3}, {-1.3, 0, 1.3, 0}},
    {{0, 1.15, -1.15}, {1.2, -0.9, -0.9}}
  };

  private HouseStyle() {}

  static Color color(Ink ink) {
    return ink.color() == Ink.NEUTRAL ? GREY : COLORS.get(ink.color() % COLORS.size());
  }

  static Canvas.Pen pen(Ink ink) {
    return switch (ink.stroke()) {
      case NONE -> throw new IllegalArgumentException("no line is drawn with " + ink);
      case SOLID -> new Canvas.Pen(color(ink), LINE_WIDTH, 0);
      case DASHED -> new Canvas.Pen(color(ink), LINE_WIDTH, 5);
      case DOTTED -> new Canvas.Pen(color(ink), 1.2, 2.5);
    };
  }

  /** Of error bars. */
  static Canvas.Pen thin(Ink ink) {
    return new Canvas.Pen(color(ink), 1.2, 0);
  }

  /** The shape differs from colour to colour, and from one round of the colours to the next. */
  static void mark(Canvas canvas, double x, double y, Ink ink) {
    int round = Math.max(0, ink.color()) / COLORS.size();
    double[][] corners = MARKERS[Math.floorMod(Math.max(0, ink.color()) + round, MARKERS.length)];
    if (corners[0].length == 0) {
      canvas.disc(x, y, MARKER_RADIUS, color(ink));
      return;
    }
    double[] placedX = new double[corners[0].length];
    double[] placedY = new double[corners[0].length];
    for (int i = 0; i < placedX.length; i++) {
      placedX[i] = x + MARKER_RADIUS * corners[0][i];
      placedY[i] = y + MARKER_RADIUS * corners[1][i];
    }
    canvas.polygon(placedX, placedY, color(ink));
  }
}
