package org.tiedbert.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.JFreeChart;

/** One pair of axes and what is drawn between them; a picture has one or several. */
public sealed interface Panel permits Plot, HeatMap {
  /** Above it; empty where the picture has one panel and a caption says it all. */
  String title();

  /** The entries of the legend, in order. */
  List<Key> keys();

  /** A new chart, without a legend, for a width in pixels. */
  JFreeChart chart(double width);

  /** The height that suits a width, in pixels. */
  default double height(double width) {
    return 0.72 * width;
  }

  /** Draws into a rectangle. */
  default void draw(Graphics2D graphics, Rectangle2D area) {
    JFreeChart chart = chart(area.getWidth());
    HouseStyle.centreTitle(chart, area);
    chart.draw(graphics, area);
  }

  /** An entry of a picture's legend. */
  record Key(String name, Ink ink) {}
}
