package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * The one legend of a figure, below its panels: entries from left to right, in as many rows as it
 * takes.
 */
final class Legend {
  private static final double LINE_LENGTH = 30;
  private static final double POINT_LENGTH = 14;
  private static final double TO_TEXT = 7;
  private static final double BETWEEN = 22;
  private static final double ROW_HEIGHT = 21;
  private static final double MARGIN = 10;

  private final List<List<Placed>> rows = new ArrayList<>();
  private final double width;

  /** An entry and its distance from the left end of its row. */
  private record Placed(Panel.Key key, String name, double x, double width) {}

  Legend(List<Panel.Key> keys, double width) {
    this.width = width;
    double x = 0;
    for (Panel.Key key : keys) {
      double line = lineLength(key.ink()) + TO_TEXT;
      String name = Lettering.TICK.fitted(key.name(), width - 2 * MARGIN - line);
      double needed = line + Lettering.TICK.width(name);
      if (rows.isEmpty() || x + needed > width - 2 * MARGIN) {
        rows.add(new ArrayList<>());
        x = 0;
      }
      rows.get(rows.size() - 1).add(new Placed(key, name, x, needed));
      x += needed + BETWEEN;
    }
    if (rows.size() > 1) {
      align();
    }
  }

  /** Entries of several rows stand below one another, if there is room. */
  private void align() {
    List<Placed> all = rows.stream().flatMap(List::stream).toList();
    double widest = all.stream().mapToDouble(Placed::width).max().orElse(0);
    int numColumns = (int) Math.max(1, (width - 2 * MARGIN + BETWEEN) / (widest + BETWEEN));
    rows.clear();
    for (int i = 0; i < all.size(); i++) {
      if (i % numColumns == 0) {
        rows.add(new ArrayList<>());
      }
      Placed placed = all.get(i);
      double x = i % numColumns * (widest + BETWEEN);
      rows.get(rows.size() - 1).add(new Placed(placed.key, placed.name, x, placed.width));
    }
  }

  private static double lineLength(Ink ink) {
    return ink.line() ? LINE_LENGTH : POINT_LENGTH;
  }

  double height() {
    return rows.isEmpty() ? 0 : rows.size() * ROW_HEIGHT + 8;
  }

  void paint(Canvas canvas, double top) {
    double widest =
        rows.stream()
            .mapToDouble(row -> row.get(row.size() - 1).x + row.get(row.size() - 1).width)
            .max()
            .orElse(0);
    double left = (width - widest) / 2;
    for (int i = 0; i < rows.size(); i++) {
      for (Placed placed : rows.get(i)) {
        paint(canvas, placed, left + placed.x, top + 2 + (i + 0.5) * ROW_HEIGHT);
      }
    }
  }

  private static void paint(Canvas canvas, Placed placed, double x, double middle) {
    Ink ink = placed.key.ink();
    double length = lineLength(ink);
    if (ink.line()) {
      canvas.segment(x, middle, x + length, middle, HouseStyle.pen(ink));
    }
    if (ink.markers()) {
      HouseStyle.mark(canvas, x + length / 2, middle, ink);
    }
    double baseline = middle + Lettering.TICK.half();
    canvas.text(placed.name, x + length + TO_TEXT, baseline, Canvas.Anchor.START, Lettering.TICK);
  }
}
