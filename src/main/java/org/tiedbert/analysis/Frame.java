package org.tiedbert.analysis;

import java.util.List;
import org.tiedbert.analysis.Canvas.Anchor;

/** Axes, their ticks and titles, and where a value is between them. */
final class Frame {
  private static final double GAP = 6;
  private static final double TITLE_HEIGHT = 26;

  private final Canvas canvas;
  private final double left;
  private final double right;
  private final double top;
  private final double bottom;
  private final Scaled y;
  private final Ticks yTicks;

  /** An axis and the values that it shows. */
  record Scaled(Axis axis, Axis.Range range) {
    /** 0 at the beginning, 1 at the end. */
    double share(double value) {
      return axis.scale() == Axis.Scale.LOG
          ? Math.log(value / range.from()) / Math.log(range.to() / range.from())
          : (value - range.from()) / (range.to() - range.from());
    }
  }

  /**
   * @param below room for what stands under the plot, without the x axis's title
   */
  Frame(Canvas canvas, double width, double height, String title, Scaled y, double below, Axis x) {
    this.canvas = canvas;
    this.y = y;
    top = title.isEmpty() ? 10 : TITLE_HEIGHT;
    bottom = height - 8 - Lettering.AXIS.size() - 2 * GAP - below;
    yTicks = Ticks.of(y.range(), y.axis().scale(), (int) Math.max(2, (bottom - top) / 38));
    left = 4 + Lettering.AXIS.size() + 2 * GAP + Lettering.TICK.widest(yTicks.labels());
    right = width - 14;
    double middle = (left + right) / 2;
    String fitted = Lettering.TITLE.fitted(title, right - left);
    canvas.text(fitted, middle, top - 9, Anchor.MIDDLE, Lettering.TITLE);
    canvas.text(x.title(), middle, height - 8, Anchor.MIDDLE, Lettering.AXIS);
    canvas.text(
        Lettering.AXIS.fitted(y.axis().title(), height - 4),
        4 + Lettering.AXIS.size() * 0.8,
        middleOf(Lettering.AXIS.width(y.axis().title()), height),
        Anchor.MIDDLE,
        Lettering.AXIS,
        true);
  }

  /** Beside the middle of the axis, unless a long title would be cut at the top or the bottom. */
  private double middleOf(double width, double height) {
    double half = Math.min(width, height - 4) / 2;
    return Math.min(Math.max((top + bottom) / 2, half + 2), height - 2 - half);
  }

  double left() {
    return left;
  }

  double right() {
    return right;
  }

  double top() {
    return top;
  }

  double bottom() {
    return bottom;
  }

  double placeY(double value) {
    return bottom - y.share(value) * (bottom - top);
  }

  double placeX(double value, Scaled x) {
    return left + x.share(value) * (right - left);
  }

  /** What lies between the axes. */
  Clip clip() {
    return new Clip(left, top, right, bottom);
  }

  /** From a value to as far below and above it. */
  void paintError(double x, double value, double halfLength, Canvas.Pen pen) {
    if (!(halfLength > 0) || Double.isInfinite(halfLength)) {
      return;
    }
    double low = value - halfLength;
    boolean endless = y.axis().scale() == Axis.Scale.LOG && low <= 0;
    double from = endless ? bottom : placeY(low);
    double to = placeY(value + halfLength);
    double[] cap = {x - 3, x + 3};
    Clip clip = clip();
    clip.line(canvas, new double[] {x, x}, new double[] {from, to}, pen);
    clip.line(canvas, cap, new double[] {to, to}, pen);
    if (!endless) {
      clip.line(canvas, cap, new double[] {from, from}, pen);
    }
  }

  void paintYTicks() {
    for (int i = 0; i < yTicks.values().length; i++) {
      double at = placeY(yTicks.values()[i]);
      if (at < bottom - 1 && at > top + 1) {
        canvas.segment(left, at, right, at, HouseStyle.GRID);
      }
      canvas.text(
          yTicks.labels().get(i),
          left - GAP,
          at + Lettering.TICK.half(),
          Anchor.END,
          Lettering.TICK);
    }
  }

  /** Without those labels that would touch the one before. */
  void paintXTicks(Scaled x) {
    int most = (int) Math.max(2, (right - left) / 52);
    Ticks ticks = Ticks.of(x.range(), x.axis().scale(), most);
    double free = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < ticks.values().length; i++) {
      double at = placeX(ticks.values()[i], x);
      canvas.segment(at, bottom, at, bottom + 4, HouseStyle.BORDER);
      double half = Lettering.TICK.width(ticks.labels().get(i)) / 2;
      if (at - half > free) {
        label(ticks.labels().get(i), at);
        free = at + half + GAP;
      }
    }
  }

  /** A label under the x axis. */
  void label(String label, double x) {
    canvas.text(label, x, bottom + GAP + Lettering.TICK.size(), Anchor.MIDDLE, Lettering.TICK);
  }

  /** A label under the x axis that reads upwards. */
  void turnedLabel(String label, double x) {
    canvas.text(label, x + Lettering.TICK.half(), bottom + GAP, Anchor.END, Lettering.TICK, true);
  }

  void paintBorder() {
    canvas.frame(left, top, right - left, bottom - top, HouseStyle.BORDER);
  }

  /** The values that there are, and a little room. */
  static Scaled around(Axis axis, List<Double> values) {
    if (axis.range().isPresent()) {
      return new Scaled(axis, axis.range().get());
    }
    boolean log = axis.scale() == Axis.Scale.LOG;
    double[] shown =
        values.stream()
            .filter(value -> Double.isFinite(value) && (!log || value > 0))
            .mapToDouble(value -> log ? Math.log10(value) : value)
            .sorted()
            .toArray();
    double from = shown.length == 0 ? 0 : shown[0];
    double to = shown.length == 0 ? 1 : shown[shown.length - 1];
    double room = to > from ? 0.04 * (to - from) : Math.max(Math.abs(to), 1e-3) / 2;
    return new Scaled(
        axis,
        log
            ? new Axis.Range(Math.pow(10, from - room), Math.pow(10, to + room))
            : new Axis.Range(from - room, to + room));
  }
}
