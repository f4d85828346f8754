package org.tiedbert.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.tiedbert.chart.Picture;
import org.tiedbert.text.InputException;

/**
 * A chart as an image within the page.
 *
 * @param alt what it shows, for those who do not see it
 * @param source a {@code data:} URI of an SVG; empty if it could not be drawn
 * @param problem why it could not be drawn, else empty
 */
record ChartImage(String alt, String source, String problem) {
  static ChartImage of(Picture picture) {
    try {
      byte[] svg = picture.svg().getBytes(UTF_8);
      String source = "data:image/svg+xml;base64," + Base64.getEncoder().encodeToString(svg);
      return new ChartImage(picture.title(), source, "");
    } catch (InputException e) {
      return new ChartImage(picture.title(), "", e.getMessage());
    }
  }
}
