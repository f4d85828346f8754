package org.tiedbert.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.RectangleInsets;

/**
 * Colours, lines, markers and letters of all pictures. The colours are those that colour-blind
 * people tell apart (Okabe and Ito 2008), without their yellow, which white paper swallows.
 */
final class HouseStyle {
  static final Color INK = new Color(0x22, 0x22, 0x22);
  static final Color GRID = new Color(0xE3, 0xE3, 0xE3);
  static final Color BORDER = new Color(0x99, 0x99, 0x99);
  static final BasicStroke GRID_LINE = new BasicStroke(0.8f);
  static final BasicStroke BORDER_LINE = new BasicStroke(1);
  static final BasicStroke ERROR_LINE = new BasicStroke(1.2f);
  static final int TICK_SIZE = 13;
  static final int LABEL_SIZE = 14;

  private static final Color GREY = new Color(0x66, 0x66, 0x66);
  private static final double MARKER_RADIUS = 3.6;
  private static final double DOT_RADIUS = 2.2;

  private static final List<Color> COLORS =
      List.of(
          new Color(0x00, 0x72, 0xB2), // blue
          new Color(0xD5, 0x5E, 0x00), // vermilion
          new Color(0x00, 0x9E, 0x73), // bluish green
          new Color(0xCC, 0x79, 0xA7), // reddish purple
          new Color(0xE6, 0x9F, 0x00), // orange
          new Color(0x56, 0xB4, 0xE9), // sky blue
          new Color(0x00, 0x00, 0x00));

  /** In units of the radius. */
  private static final List<Shape> MARKERS =
      List.of(
          new Ellipse2D.Double(-1, -1, 2, 2),
          new Rectangle2D.Double(-0.9, -0.9, 1.8, 1.8),
          polygon(0, -1.2, 1.15, 0.9, -1.15, 0.9),
          polygon(0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0),
          polygon(0, 1.2, 1.15, -0.9, -1.15, -0.9));

  static {
    TextUtils.setUseDrawRotatedStringWorkaround(false); // which draws outlines instead of letters
    TextUtils.setUseFontMetricsGetStringBounds(true); // the other way is in whole pixels
  }

  private HouseStyle() {}

  private static Shape polygon(double... corners) {
    Path2D path = new Path2D.Double();
    path.moveTo(corners[0], corners[1]);
    for (int i = 2; i < corners.length; i += 2) {
      path.lineTo(corners[i], corners[i + 1]);
    }
    path.closePath();
    return path;
  }

  static Color color(Ink ink) {
    Color color = ink.color() == Ink.NEUTRAL ? GREY : COLORS.get(ink.color() % COLORS.size());
    return ink.markers() == Ink.Markers.DOTS
        ? new Color(color.getRed(), color.getGreen(), color.getBlue(), 115)
        : color;
  }

  static BasicStroke stroke(Ink ink) {
    return switch (ink.stroke()) {
      case NONE, SOLID -> stroke(1.8f);
      case DASHED -> stroke(1.8f, 5);
      case DOTTED -> stroke(1.2f, 2.5f);
    };
  }

  private static BasicStroke stroke(float width, float... dash) {
    return new BasicStroke(
        width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash.length == 0 ? null : dash, 0);
  }

  /** The shape differs from colour to colour, and from one round of the colours to the next. */
  static Shape marker(Ink ink) {
    int color = Math.max(0, ink.color());
    Shape shape = MARKERS.get((color + color / COLORS.size()) % MARKERS.size());
    double radius = ink.markers() == Ink.Markers.DOTS ? DOT_RADIUS : MARKER_RADIUS;
    return AffineTransform.getScaleInstance(radius, radius).createTransformedShape(shape);
  }

  /** A chart without a legend, all white but for what the plot draws. */
  static JFreeChart chart(String title, org.jfree.chart.plot.Plot plot) {
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlinePaint(BORDER);
    plot.setOutlineStroke(BORDER_LINE);
    plot.setInsets(new RectangleInsets(6, 3, 4, 18));
    plot.setNoDataMessage(null);
    JFreeChart chart = new JFreeChart(null, null, plot, false);
    chart.setBackgroundPaint(Color.WHITE);
    if (!title.isEmpty()) {
      TextTitle above = new TextTitle(title, Fonts.bold(LABEL_SIZE));
      above.setPaint(INK);
      above.setPadding(5, 0, 2, 0);
      chart.setTitle(above);
    }
    return chart;
  }

  /** What is the same for axes of numbers and of categories. */
  static void label(org.jfree.chart.axis.Axis axis, String title) {
    axis.setLabel(title);
    axis.setLabelFont(Fonts.of(LABEL_SIZE));
    axis.setLabelPaint(INK);
    axis.setTickLabelFont(Fonts.of(TICK_SIZE));
    axis.setTickLabelPaint(INK);
    axis.setAxisLineVisible(false);
    axis.setTickMarkOutsideLength(4);
    axis.setTickMarkPaint(BORDER);
    axis.setTickMarkStroke(BORDER_LINE);
  }

  /** Letters as wide as they are, on pixels as in an SVG. */
  static void smooth(Graphics2D graphics) {
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
  }

  /** What to measure texts on. */
  static Graphics2D nowhere() {
    Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    smooth(graphics);
    return graphics;
  }

  /** Where the parts of a chart go when it is drawn into a rectangle. */
  static PlotRenderingInfo layout(JFreeChart chart, Rectangle2D area) {
    ChartRenderingInfo info = new ChartRenderingInfo(null);
    chart.draw(nowhere(), area, info);
    return info.getPlotInfo();
  }

  /** Above what is between the axes, where it has room there. */
  static void centreTitle(JFreeChart chart, Rectangle2D area) {
    TextTitle title = chart.getTitle();
    if (title == null) {
      return;
    }
    Rectangle2D data = layout(chart, area).getDataArea();
    if (Fonts.width(title.getText(), title.getFont()) < data.getWidth()) {
      double left = data.getMinX() - area.getMinX();
      title.setMargin(0, left, 0, area.getMaxX() - data.getMaxX());
    }
  }
}
