package org.tiedbert.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tiedbert.chart.Drawn;

/** The charts in a page, as a browser finds them. */
record EmbeddedCharts(List<String> alts, List<Drawn> charts) {
  private static final Pattern IMAGE =
      Pattern.compile("<img src=\"data:image/svg\\+xml;base64,([^\"]*)\" alt=\"([^\"]*)\">");

  static EmbeddedCharts of(String page) throws Exception {
    List<String> alts = new ArrayList<>();
    List<Drawn> charts = new ArrayList<>();
    for (Matcher image = IMAGE.matcher(page); image.find(); ) {
      alts.add(image.group(2));
      charts.add(Drawn.of(new String(Base64.getDecoder().decode(image.group(1)), UTF_8)));
    }
    return new EmbeddedCharts(alts, charts);
  }
}
