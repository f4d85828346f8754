package org.tiedbert.chart;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.io.StringWriter;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What is drawn, as SVG of a size in pixels. */
final class VectorPage {
  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  private final SVGGraphics2D graphics;
  private final String title;
  private final int width;
  private final int height;

  /**
   * @param title what the picture is of, for those who do not see it
   */
  VectorPage(String title, int width, int height) {
    this.title = title;
    this.width = width;
    this.height = height;
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setPrecision(2);
    graphics = new SVGGraphics2D(context, false);
    graphics.setSVGCanvasSize(new Dimension(width, height));
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newDefaultInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(NAMESPACE, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("Java has a parser of XML", e);
    }
  }

  Graphics2D graphics() {
    return graphics;
  }

  /** What was drawn, as one {@code svg} element. To be called once, at the end. */
  String svg() {
    Element svg = graphics.getRoot();
    svg.setAttribute("viewBox", "0 0 %d %d".formatted(width, height));
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", title);
    svg.setAttribute("font-family", Fonts.SVG_FAMILIES);
    NodeList parts = svg.getElementsByTagName("*");
    for (int i = 0; i < parts.getLength(); i++) {
      Element part = (Element) parts.item(i);
      if (part.hasAttribute("font-family")) {
        part.setAttribute("font-family", Fonts.SVG_FAMILIES);
      }
    }
    return text(svg);
  }

  private static String text(Element svg) {
    StringWriter text = new StringWriter();
    try {
      Transformer copy = TransformerFactory.newDefaultInstance().newTransformer();
      copy.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      copy.transform(new DOMSource(svg), new StreamResult(text));
    } catch (TransformerException e) {
      throw new IllegalStateException("memory takes all that is written", e);
    }
    return text + "\n";
  }
}
