package org.tiedbert.chart;

import java.awt.BasicStroke;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.block.GridArrangement;
import org.jfree.chart.block.RectangleConstraint;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.Size2D;

/** The one legend of a picture: entries below one another, in as many columns as have room. */
final class Legend {
  private static final double LINE_LENGTH = 30;
  private static final double MARGIN = 10;
  private static final double TO_TEXT = 50;

  private final LegendTitle title;
  private final Size2D size;

  Legend(List<Panel.Key> keys, double width) {
    LegendTitle oneColumn = title(keys, width, 1);
    double widest = oneColumn.arrange(HouseStyle.nowhere(), RectangleConstraint.NONE).getWidth();
    int columns = (int) Math.max(1, Math.min(keys.size(), (width - 2 * MARGIN) / widest));
    title = title(keys, width, columns);
    size =
        keys.isEmpty()
            ? new Size2D()
            : title.arrange(HouseStyle.nowhere(), RectangleConstraint.NONE);
  }

  double height() {
    return size.getHeight();
  }

  void draw(Graphics2D graphics, double width, double top) {
    if (size.getHeight() > 0) {
      double left = (width - size.getWidth()) / 2;
      title.draw(graphics, new Rectangle2D.Double(left, top, size.getWidth(), size.getHeight()));
    }
  }

  private static LegendTitle title(List<Panel.Key> keys, double width, int columns) {
    int rows = (keys.size() + columns - 1) / columns;
    LegendItemCollection items = new LegendItemCollection();
    keys.forEach(key -> items.add(item(key, width)));
    LegendTitle title =
        new LegendTitle(
            () -> items, new GridArrangement(rows, columns), new GridArrangement(rows, columns));
    title.setItemFont(Fonts.of(HouseStyle.TICK_SIZE));
    title.setItemPaint(HouseStyle.INK);
    title.setItemLabelPadding(new RectangleInsets(2, 5, 2, 20));
    title.setMargin(0, 0, 6, 0);
    return title;
  }

  private static LegendItem item(Panel.Key key, double width) {
    Ink ink = key.ink();
    Font font = Fonts.of(HouseStyle.TICK_SIZE);
    String name = Fonts.fitted(key.name(), font, width - 2 * MARGIN - TO_TEXT);
    return new LegendItem(
        name,
        null,
        null,
        null,
        ink.hasMarkers(),
        HouseStyle.marker(ink),
        true,
        HouseStyle.color(ink),
        false,
        HouseStyle.color(ink),
        new BasicStroke(),
        ink.hasLine(),
        new Line2D.Double(-LINE_LENGTH / 2, 0, LINE_LENGTH / 2, 0),
        HouseStyle.stroke(ink),
        HouseStyle.color(ink));
  }
}
