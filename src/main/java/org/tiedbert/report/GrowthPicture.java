package org.tiedbert.report;

import com.google.common.html.HtmlEscapers;
import java.util.List;
import org.tiedbert.report.Stages.Row;

/**
 * The growth of an encoder as a drawing: a column for each stage, a box for each layer, embeddings
 * at the bottom and the output layer on top; what trains is coloured, what is frozen grey. Its
 * colours are classes of the page's style, so it follows light and dark.
 */
final class GrowthPicture {
  private static final int COLUMN = 110;
  private static final int BOX_WIDTH = 84;
  private static final int GAP = 4;
  private static final int HEAD = 22;
  private static final int FOOT = 58;
  private static final int LEFT = 2;
  private static final int MAX_LAYERS = 1000;

  private final List<Row> rows;
  private final int deepest;
  private final int box;
  private final double seconds;
  private final StringBuilder svg = new StringBuilder();

  GrowthPicture(Stages stages) {
    this.rows = stages.rows();
    this.seconds = stages.seconds();
    this.deepest = rows.stream().mapToInt(Row::numLayers).max().orElse(0);
    this.box = deepest <= 12 ? 22 : 14; // of 24 layers, too, all are in sight
  }

  /** An {@code svg} element; nothing of an encoder too deep to be drawn, if that is no mistake. */
  String svg() {
    if (deepest > MAX_LAYERS) {
      return "";
    }
    int width = 2 * LEFT + COLUMN * rows.size();
    int height = bottom() + FOOT;
    svg.append(
        """
        <svg class="growth" viewBox="0 0 %d %d" width="%d" height="%d" role="img" \
        aria-label="%s">
        """
            .formatted(width, height, width, height, description()));
    for (int i = 0; i < rows.size(); i++) {
      column(i);
    }
    return svg.append("</svg>").toString();
  }

  private int bottom() {
    return HEAD + (deepest + 2) * (box + GAP);
  }

  /** Of the box on a level, counted from the embeddings' 0. */
  private int top(int level) {
    return bottom() - (level + 1) * (box + GAP);
  }

  private void column(int index) {
    Row row = rows.get(index);
    int x = LEFT + COLUMN * index + (COLUMN - BOX_WIDTH) / 2;
    box(row, x, 0, "embeddings", row.embeddingsTrain());
    for (int layer = 0; layer < row.numLayers(); layer++) {
      box(row, x, layer + 1, "layer " + layer, row.trains(layer));
    }
    box(row, x, row.numLayers() + 1, "output layer", true);
    int middle = x + BOX_WIDTH / 2;
    text(middle, bottom() + 16, "label", "stage %d".formatted(row.number()));
    text(middle, bottom() + 32, "label faint", steps(row));
    if (row.numSteps() > 0 && seconds > 0) {
      String share = "%.0f %% of time".formatted(100 * row.seconds() / seconds);
      text(middle, bottom() + 48, "label faint", share);
    }
    if (index > 0 && row.numLayers() > rows.get(index - 1).numLayers()) {
      copies(row, rows.get(index - 1), x);
    }
  }

  private static String steps(Row row) {
    return row.begun() ? Numbers.of(row.numSteps(), "step") : "not begun";
  }

  private void box(Row row, int x, int level, String name, boolean trains) {
    String state = trains ? "trains" : "frozen";
    svg.append(
        """
        <g class="%s%s"><title>stage %d: %s %s</title>\
        <rect x="%d" y="%d" width="%d" height="%d" rx="4"/></g>
        """
            .formatted(
                state,
                row.begun() ? "" : " ahead",
                row.number(),
                name,
                state,
                x,
                top(level),
                BOX_WIDTH,
                box));
    String style = !row.begun() ? "faint" : trains ? "on-trains" : "on-frozen";
    text(x + BOX_WIDTH / 2, top(level) + box / 2 + 4, style, name);
  }

  /** A bracket with an arrow: the top layers of the stage before are what the new ones start as. */
  private void copies(Row row, Row before, int x) {
    int added = row.numLayers() - before.numLayers();
    int fromX = x - (COLUMN - BOX_WIDTH);
    int from = (top(before.numLayers()) + top(before.numLayers() - added + 1) + box) / 2;
    int to = (top(row.numLayers()) + top(before.numLayers() + 1) + box) / 2;
    svg.append(
        """
        <g class="copied"><title>copied from stage %d</title>\
        <path d="M%d %d C%d %d %d %d %d %d"/><path d="M%d %d l-6 -3 m6 3 l-6 3"/></g>
        """
            .formatted(
                before.number(),
                fromX + 2,
                from,
                fromX + 20,
                from,
                x - 20,
                to,
                x - 3,
                to,
                x - 3,
                to));
  }

  private void text(int x, int y, String style, String text) {
    svg.append(
        "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n"
            .formatted(style, x, y, HtmlEscapers.htmlEscaper().escape(text)));
  }

  private String description() {
    return "Growth over %s: %s layers at the start, %s at the end"
        .formatted(
            Numbers.of(rows.size(), "stage"),
            rows.get(0).numLayers(),
            rows.get(rows.size() - 1).numLayers());
  }
}
