package org.tiedbert.report;

import com.google.common.html.HtmlEscapers;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Curves over the steps of a run as an {@code svg} element. Its colours are classes of the page's
 * style, so that it follows light and dark, and it has no ids, so that many share a page.
 *
 * @param title what is shown, with its unit
 * @param marks steps with a line across, such as those at which stages begin
 */
record LineChart(String title, List<Curve> curves, List<Double> marks) {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 230;
  private static final int LEFT = 50;
  private static final int RIGHT = 12;
  private static final int TOP = 10;
  private static final int BOTTOM = 40;

  LineChart {
    curves = curves.stream().filter(curve -> !curve.isEmpty()).toList();
    marks = List.copyOf(marks);
  }

  boolean isEmpty() {
    return curves.isEmpty();
  }

  String svg() {
    List<double[]> steps = curves.stream().map(Curve::x).toList();
    Axis x = Axis.ofCounts(min(steps), max(steps), 5);
    List<double[]> values = curves.stream().map(Curve::y).toList();
    Axis y = Axis.around(min(values), max(values), 5);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n"
            .formatted(WIDTH, HEIGHT, escape(title + ", over steps")));
    grid(svg, x, y);
    for (int i = 0; i < curves.size(); i++) {
      svg.append(curve(i, x, y));
    }
    return svg.append("</svg>").toString();
  }

  private static double min(List<double[]> values) {
    return values.stream().flatMapToDouble(DoubleStream::of).min().orElseThrow();
  }

  private static double max(List<double[]> values) {
    return values.stream().flatMapToDouble(DoubleStream::of).max().orElseThrow();
  }

  private void grid(StringBuilder svg, Axis x, Axis y) {
    for (double tick : y.ticks()) {
      double at = placeY(tick, y);
      svg.append(line("grid", LEFT, at, WIDTH - RIGHT, at));
      svg.append(text("end", LEFT - 6, at + 4, y.label(tick)));
    }
    for (double tick : x.ticks()) {
      double at = placeX(tick, x);
      svg.append(line("tick", at, HEIGHT - BOTTOM, at, HEIGHT - BOTTOM + 4));
      svg.append(text("middle", at, HEIGHT - BOTTOM + 17, x.label(tick)));
    }
    for (double mark : marks) {
      if (mark > x.from() && mark < x.to()) {
        svg.append(line("mark", placeX(mark, x), TOP, placeX(mark, x), HEIGHT - BOTTOM));
      }
    }
    svg.append(text("middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "step"));
  }

  private String curve(int index, Axis x, Axis y) {
    Curve curve = curves.get(index);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < curve.x().length; i++) {
      points.append(number(placeX(curve.x()[i], x))).append(',');
      points.append(number(placeY(curve.y()[i], y))).append(' ');
    }
    if (curve.x().length == 1) {
      return "<circle class=\"dot c%d\" cx=\"%s\" cy=\"%s\" r=\"3\"/>%n"
          .formatted(index, number(placeX(curve.x()[0], x)), number(placeY(curve.y()[0], y)));
    }
    return "<polyline class=\"curve c%d\" points=\"%s\"><title>%s</title></polyline>%n"
        .formatted(index, points.toString().strip(), escape(curve.name()));
  }

  private static double placeX(double value, Axis x) {
    return x.place(value, LEFT, WIDTH - RIGHT);
  }

  private static double placeY(double value, Axis y) {
    return y.place(value, HEIGHT - BOTTOM, TOP);
  }

  private static String line(String style, double x1, double y1, double x2, double y2) {
    return "<path class=\"%s\" d=\"M%s %s L%s %s\"/>%n"
        .formatted(style, number(x1), number(y1), number(x2), number(y2));
  }

  private static String text(String anchor, double x, double y, String text) {
    return "<text text-anchor=\"%s\" x=\"%s\" y=\"%s\">%s</text>%n"
        .formatted(anchor, number(x), number(y), escape(text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escape(String text) {
    return HtmlEscapers.htmlEscaper().escape(text);
  }
}
