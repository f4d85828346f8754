package org.tiedbert.analysis;

import com.google.common.xml.XmlEscapers;
import java.awt.Color;
import java.util.Locale;

/** A canvas of shapes that keep their form at any size: an element of SVG. */
final class Vectors implements Canvas {
  private final StringBuilder svg = new StringBuilder();

  /**
   * @param title what the picture is of, for those who do not see it
   */
  Vectors(int width, int height, String title) {
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" \
        role="img" aria-label="%s" font-family="%s" fill="%s" stroke-linejoin="round">
        """
            .formatted(
                width,
                height,
                width,
                height,
                XmlEscapers.xmlAttributeEscaper().escape(title),
                Lettering.SVG_FAMILIES,
                rgb(Lettering.COLOR)));
  }

  /** What was drawn so far, as one element. */
  String svg() {
    return svg + "</svg>\n";
  }

  @Override
  public void fill(double x, double y, double width, double height, Color color) {
    svg.append(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n"
            .formatted(number(x), number(y), number(width), number(height), rgb(color)));
  }

  @Override
  public void polygon(double[] x, double[] y, Color color) {
    svg.append("<polygon points=\"%s\" fill=\"%s\"/>\n".formatted(points(x, y), rgb(color)));
  }

  @Override
  public void disc(double x, double y, double radius, Color color) {
    svg.append(
        "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>\n"
            .formatted(number(x), number(y), number(radius), rgb(color)));
  }

  @Override
  public void line(double[] x, double[] y, Pen pen) {
    String dashes = pen.dash() > 0 ? " stroke-dasharray=\"%s\"".formatted(number(pen.dash())) : "";
    svg.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s/>\n"
            .formatted(points(x, y), rgb(pen.color()), number(pen.width()), dashes));
  }

  @Override
  public void text(
      String text, double x, double y, Anchor anchor, Lettering lettering, boolean turned) {
    if (text.isEmpty()) {
      return;
    }
    String place =
        turned
            ? "transform=\"translate(%s %s) rotate(-90)\"".formatted(number(x), number(y))
            : "x=\"%s\" y=\"%s\"".formatted(number(x), number(y));
    svg.append(
        "<text %s font-size=\"%d\"%s%s%s>%s</text>\n"
            .formatted(
                place,
                lettering.size(),
                anchor == Anchor.START
                    ? ""
                    : " text-anchor=\"%s\"".formatted(anchor.name().toLowerCase(Locale.ROOT)),
                lettering.color().equals(Lettering.COLOR)
                    ? ""
                    : " fill=\"%s\"".formatted(rgb(lettering.color())),
                lettering.bold() ? " font-weight=\"bold\"" : "",
                XmlEscapers.xmlContentEscaper().escape(text)));
  }

  private static String points(double[] x, double[] y) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < x.length; i++) {
      points.append(i == 0 ? "" : " ").append(number(x[i])).append(',').append(number(y[i]));
    }
    return points.toString();
  }

  /** To a hundredth of a pixel, without zeros at the end. */
  private static String number(double value) {
    long hundredths = Math.round(value * 100);
    return hundredths % 100 == 0
        ? Long.toString(hundredths / 100)
        : String.format(Locale.ROOT, hundredths % 10 == 0 ? "%.1f" : "%.2f", hundredths / 100.0);
  }

  private static String rgb(Color color) {
    return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xFFFFFF);
  }
}
