package org.tiedbert.analysis;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import org.tiedbert.analysis.Canvas.Anchor;

/** Where a heat map's parts are, and their drawing. */
final class HeatMapPainter {
  private static final double GAP = 6;
  private static final double BAR_WIDTH = 12;
  private static final double BAR_LABELS = 34;
  private static final double MAX_LABEL = 110;
  private static final double TITLE_HEIGHT = 28;
  private static final int BAR_STEPS = 64;

  private final HeatMap map;
  private final Canvas canvas;
  private final double[][] values;
  private final int numRows;
  private final int numColumns;
  private final double cell;
  private final double left;
  private final double top;
  private final double right;
  private final double bottom;
  private final double width;
  private final double above;
  private final double below;
  private final double rowLabels;
  private final double columnLabels;
  private final boolean upright;
  private final Lettering lettering;

  /** What it takes for cells that fill the width, if there are not many more rows than columns. */
  static double height(HeatMap map, double width) {
    HeatMapPainter whole = new HeatMapPainter(map, null, width, 1.5 * width);
    return whole.bottom + whole.below - (whole.top - whole.above);
  }

  HeatMapPainter(HeatMap map, Canvas canvas, double width, double height) {
    this.map = map;
    this.canvas = canvas;
    this.width = width;
    values = map.values();
    numRows = map.rows().size();
    numColumns = map.columns().size();
    double titleOfAxis = Lettering.AXIS.size() + GAP;
    above = map.title().isEmpty() ? 8 : TITLE_HEIGHT;
    double beside = 2 * GAP + BAR_WIDTH + BAR_LABELS + titleOfAxis;
    lettering = lettering(width - beside - 70);
    rowLabels = Math.min(MAX_LABEL, lettering.widest(map.rows()));
    double before = titleOfAxis + rowLabels + GAP;
    double roomX = width - before - beside;
    double widestColumn = Math.min(MAX_LABEL, lettering.widest(map.columns()));
    upright = widestColumn <= roomX / numColumns - 5;
    columnLabels = upright ? lettering.size() : widestColumn;
    below = GAP + columnLabels + titleOfAxis + 10;
    double roomY = height - above - below;
    cell = Math.max(1, Math.min(roomX / numColumns, roomY / numRows));
    left = before + (roomX - cell * numColumns) / 2;
    right = left + cell * numColumns;
    top = above + (roomY - cell * numRows) / 2;
    bottom = top + cell * numRows;
  }

  /** Small enough for as many rows and columns, as long as it can be read. */
  private Lettering lettering(double room) {
    double each = room / Math.max(numRows, numColumns);
    return new Lettering((int) Math.max(9, Math.min(13, each)), false);
  }

  void paint() {
    paintCells();
    canvas.frame(left, top, right - left, bottom - top, HouseStyle.BORDER);
    paintLabels();
    paintTitles();
    paintBar();
  }

  private void paintCells() {
    for (int i = 0; i < numRows; i++) {
      for (int j = 0; j < numColumns; j++) {
        if (Double.isFinite(values[i][j])) {
          // A little into the next cell, which is drawn over it, so that no seam shows through.
          double overX = j + 1 < numColumns ? 0.5 : 0;
          double overY = i + 1 < numRows ? 0.5 : 0;
          double x = left + j * cell;
          double y = top + i * cell;
          canvas.fill(x, y, cell + overX, cell + overY, Shade.of(share(values[i][j])));
        }
      }
    }
    for (int i = 0; map.numbers() && i < numRows; i++) {
      for (int j = 0; j < numColumns; j++) {
        paintNumber(values[i][j], left + (j + 0.5) * cell, top + (i + 0.5) * cell);
      }
    }
  }

  private double share(double value) {
    return (value - map.range().from()) / (map.range().to() - map.range().from());
  }

  /** Only where it can be read. */
  private void paintNumber(double value, double x, double y) {
    String text = String.format(Locale.ROOT, "%.2f", value).replace('-', '\u2212');
    Lettering small = new Lettering(cell >= 36 ? 12 : 10, false);
    if (Double.isFinite(value) && small.width(text) <= cell - 3) {
      Color color = share(value) > 0.5 ? Color.WHITE : Lettering.COLOR;
      canvas.text(text, x, y + small.half(), Anchor.MIDDLE, small.in(color));
    }
  }

  private void paintLabels() {
    int everyRow = every();
    for (int i = 0; i < numRows; i += everyRow) {
      String label = lettering.fitted(map.rows().get(i), MAX_LABEL);
      double y = top + (i + 0.5) * cell + lettering.half();
      canvas.text(label, left - GAP, y, Anchor.END, lettering);
    }
    int everyColumn = upright ? 1 : every();
    for (int j = 0; j < numColumns; j += everyColumn) {
      String label = lettering.fitted(map.columns().get(j), MAX_LABEL);
      double x = left + (j + 0.5) * cell;
      if (upright) {
        canvas.text(label, x, bottom + GAP + lettering.size(), Anchor.MIDDLE, lettering);
      } else {
        canvas.text(label, x + lettering.half(), bottom + GAP, Anchor.END, lettering, true);
      }
    }
  }

  /** 1 where all labels have room, 2 where every other one has. */
  private int every() {
    return (int) Math.max(1, Math.ceil(0.95 * lettering.size() / cell));
  }

  private void paintTitles() {
    double middleX = (left + right) / 2;
    double middleY = (top + bottom) / 2;
    double under = bottom + GAP + columnLabels + GAP + Lettering.AXIS.size();
    paintAcross(map.title(), middleX, top - 10, Lettering.TITLE);
    paintAcross(map.columnTitle(), middleX, under, Lettering.AXIS);
    double besides = left - 2 * GAP - rowLabels;
    String ofRows = Lettering.AXIS.fitted(map.rowTitle(), bottom - top + below);
    canvas.text(ofRows, besides, middleY, Anchor.MIDDLE, Lettering.AXIS, true);
  }

  /** Beside the middle where that keeps it from running out on the left or the right. */
  private void paintAcross(String text, double middle, double y, Lettering of) {
    String fitted = of.fitted(text, width - 8);
    double half = of.width(fitted) / 2 + 4;
    double x = Math.min(Math.max(middle, half), width - half);
    canvas.text(fitted, x, y, Anchor.MIDDLE, of);
  }

  private void paintBar() {
    double x = right + 2 * GAP;
    double height = bottom - top;
    for (int i = 0; i < BAR_STEPS; i++) { // from the top, which is the largest
      double over = i + 1 < BAR_STEPS ? 0.5 : 0;
      double y = top + i * height / BAR_STEPS;
      Color color = Shade.of(1 - (i + 0.5) / BAR_STEPS);
      canvas.fill(x, y, BAR_WIDTH, height / BAR_STEPS + over, color);
    }
    canvas.frame(x, top, BAR_WIDTH, height, HouseStyle.BORDER);
    Lettering small = new Lettering(12, false);
    Ticks ticks = Ticks.of(map.range(), Axis.Scale.LINEAR, 5);
    List<String> labels = ticks.labels();
    for (int i = 0; i < labels.size(); i++) {
      double y = bottom - share(ticks.values()[i]) * height;
      canvas.segment(x + BAR_WIDTH, y, x + BAR_WIDTH + 3, y, HouseStyle.BORDER);
      canvas.text(labels.get(i), x + BAR_WIDTH + 5, y + small.half(), Anchor.START, small);
    }
    double titleX = x + BAR_WIDTH + 5 + small.widest(labels) + GAP + Lettering.AXIS.size() * 0.8;
    canvas.text(map.valueTitle(), titleX, (top + bottom) / 2, Anchor.MIDDLE, Lettering.AXIS, true);
  }
}
