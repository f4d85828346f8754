package org.tiedbert.chart;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The parts of an SVG in the order in which they are drawn, as a parser of XML sees them. */
public record Drawn(Element svg) {
  private static final String BORDER = "rgb(153,153,153)";

  public static Drawn of(Picture picture) throws Exception {
    return of(picture.svg());
  }

  /** One panel as wide as a column of a paper. */
  static Drawn of(Panel panel) throws Exception {
    return of(Picture.forPaper("f", List.of(panel), 1));
  }

  public static Drawn of(String svg) throws Exception {
    return new Drawn(
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)))
            .getDocumentElement());
  }

  /** All of a kind. */
  public Stream<Element> all(String tag) {
    NodeList found = svg.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements.stream();
  }

  /** An attribute, which may be a parent's. */
  static String attribute(Element element, String name) {
    for (Node at = element; at instanceof Element part; at = part.getParentNode()) {
      if (part.hasAttribute(name)) {
        return part.getAttribute(name);
      }
    }
    return "";
  }

  static double number(Element element, String name) {
    return Double.parseDouble(attribute(element, name));
  }

  public List<String> texts() {
    return all("text").map(Element::getTextContent).toList();
  }

  /** From the left, from the top, width and height. */
  static double[] box(Element rect) {
    return Stream.of("x", "y", "width", "height").mapToDouble(name -> number(rect, name)).toArray();
  }

  /** The boxes full of a colour, such as {@code rgb(0,114,178)}. */
  List<double[]> boxes(String color) {
    return all("rect")
        .filter(rect -> attribute(rect, "fill").equals(color))
        .map(Drawn::box)
        .toList();
  }

  /** The borders around what is between the axes, one a panel. */
  List<double[]> borders() {
    return all("rect")
        .filter(rect -> attribute(rect, "fill").equals("none"))
        .filter(rect -> attribute(rect, "stroke").equals(BORDER))
        .map(Drawn::box)
        .filter(box -> box[2] > 20) // not that of a scale of colours
        .toList();
  }

  /** The corners of lines of a colour: x, y, x, y and so on of each. */
  public List<double[]> paths(String color) {
    return all("path")
        .filter(path -> attribute(path, "stroke").equals(color))
        .filter(path -> attribute(path, "fill").equals("none"))
        .map(Drawn::corners)
        .toList();
  }

  private static double[] corners(Element path) {
    String[] numbers = path.getAttribute("d").replaceAll("[A-Z]", " ").strip().split(" +");
    return Arrays.stream(numbers).mapToDouble(Double::parseDouble).toArray();
  }

  /** The middles of the markers of a colour: x, y, width and height of each. */
  public List<double[]> markers(String color) {
    return all("path")
        .filter(path -> attribute(path, "fill").equals(color))
        .filter(path -> attribute(path, "stroke").equals("none"))
        .map(Drawn::corners)
        .map(
            corners -> {
              DoubleSummaryStatistics x = every(corners, 0);
              DoubleSummaryStatistics y = every(corners, 1);
              return new double[] {
                (x.getMin() + x.getMax()) / 2,
                (y.getMin() + y.getMax()) / 2,
                x.getMax() - x.getMin(),
                y.getMax() - y.getMin()
              };
            })
        .toList();
  }

  private static DoubleSummaryStatistics every(double[] corners, int first) {
    return IntStream.range(0, corners.length / 2)
        .mapToDouble(i -> corners[2 * i + first])
        .summaryStatistics();
  }

  /** Straight lines of a colour: x1, y1, x2, y2. */
  List<double[]> lines(String color) {
    return all("line")
        .filter(line -> attribute(line, "stroke").equals(color))
        .map(
            line ->
                Stream.of("x1", "y1", "x2", "y2").mapToDouble(name -> number(line, name)).toArray())
        .toList();
  }

  /** The places of dotted lines across. */
  public List<Double> dotted() {
    return all("line")
        .filter(line -> attribute(line, "stroke-dasharray").equals("2.5"))
        .map(line -> number(line, "x1"))
        .toList();
  }
}
