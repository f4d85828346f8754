package org.tiedbert.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.DefaultXYZDataset;

/**
 * A matrix as square cells, the first row on top, with a bar that says what the colours are.
 *
 * @param columns below the cells, one for each column of the matrix
 * @param rows left of the cells, one for each row
 * @param values rows of equal length; what is no finite number is left white
 * @param range what the lightest and the darkest colour stand for
 * @param valueTitle what the colours measure
 * @param numbers whether the values are written into the cells
 */
public record HeatMap(
    String title,
    String columnTitle,
    List<String> columns,
    String rowTitle,
    List<String> rows,
    double[][] values,
    Axis.Range range,
    String valueTitle,
    boolean numbers)
    implements Panel {
  /** Pixels of a row's or column's name; a longer one loses its middle. */
  private static final double MAX_LABEL = 110;

  private static final double RIGHT_OF_SCALE = 4;

  /** About what names, titles and the scale of colours take of the width. */
  private static final double ROOM_BESIDES = 158;

  /** Of a letter's size. */
  private static final double LINE_HEIGHT = 1.2;

  public HeatMap {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
    if (rows.isEmpty() || columns.isEmpty() || values.length != rows.size()) {
      throw new IllegalArgumentException(
          "a heat map of %d rows and %d columns needs as many values, got %d rows"
              .formatted(rows.size(), columns.size(), values.length));
    }
    double[][] copy = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      if (values[i].length != columns.size()) {
        throw new IllegalArgumentException(
            "a heat map needs %d values a row, row %d has %d"
                .formatted(columns.size(), i, values[i].length));
      }
      copy[i] = values[i].clone();
    }
    values = copy;
  }

  @Override
  public double[][] values() {
    double[][] copy = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      copy[i] = values[i].clone();
    }
    return copy;
  }

  @Override
  public List<Key> keys() {
    return List.of();
  }

  @Override
  public JFreeChart chart(double width) {
    double cell = (width - ROOM_BESIDES) / Math.max(rows.size(), columns.size());
    int size = (int) (cell / LINE_HEIGHT);
    Font font = Fonts.of(Math.max(9, Math.min(HouseStyle.TICK_SIZE, size)));
    ValueAxis across = symbols(columnTitle, columns, font);
    ValueAxis down = symbols(rowTitle, rows, font);
    down.setInverted(true);
    XYPlot plot = new XYPlot(cells(), across, down, renderer());
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinesVisible(false);
    JFreeChart chart = HouseStyle.chart(title, plot);
    chart.addSubtitle(scale());
    return chart;
  }

  /** What it takes for cells that fill the width, if there are not many more rows than columns. */
  @Override
  public double height(double width) {
    Rectangle2D ample = new Rectangle2D.Double(0, 0, width, 1.5 * width);
    JFreeChart chart = chart(width);
    Rectangle2D data = layout(chart, ample).getDataArea();
    return ample.getHeight() - (data.getHeight() - rows.size() * cell(data));
  }

  @Override
  public void draw(Graphics2D graphics, Rectangle2D area) {
    JFreeChart chart = chart(area.getWidth());
    Rectangle2D data = layout(chart, area).getDataArea();
    double cell = cell(data);
    writeNumbers((XYBlockRenderer) chart.getXYPlot().getRenderer(), cell);
    double besides = (data.getWidth() - columns.size() * cell) / 2;
    double above = (data.getHeight() - rows.size() * cell) / 2;
    XYPlot plot = chart.getXYPlot();
    RectangleInsets least = plot.getInsets();
    plot.setInsets(
        new RectangleInsets(
            least.getTop() + above,
            least.getLeft() + besides,
            least.getBottom() + above,
            least.getRight() + besides));
    HouseStyle.centreTitle(chart, area);
    PlotRenderingInfo layout = HouseStyle.layout(chart, area);
    Rectangle2D cells = layout.getDataArea();
    Rectangle2D all = plot.getInsets().createOutsetRectangle(layout.getPlotArea());
    chart
        .getSubtitle(chart.getSubtitleCount() - 1)
        .setMargin(
            cells.getMinY() - all.getMinY(), 0, all.getMaxY() - cells.getMaxY(), RIGHT_OF_SCALE);
    chart.draw(graphics, area);
  }

  /** After columns' labels are turned to read upwards, should they touch otherwise. */
  private PlotRenderingInfo layout(JFreeChart chart, Rectangle2D area) {
    PlotRenderingInfo layout = HouseStyle.layout(chart, area);
    ValueAxis across = chart.getXYPlot().getDomainAxis();
    double room = cell(layout.getDataArea()) - 5;
    if (Fonts.widest(columns, across.getTickLabelFont()) <= room) {
      return layout;
    }
    across.setVerticalTickLabels(true);
    return HouseStyle.layout(chart, area);
  }

  private double cell(Rectangle2D data) {
    return Math.min(data.getWidth() / columns.size(), data.getHeight() / rows.size());
  }

  private static ValueAxis symbols(String title, List<String> names, Font font) {
    String[] shown =
        names.stream().map(name -> Fonts.fitted(name, font, MAX_LABEL)).toArray(String[]::new);
    SymbolAxis axis = new SymbolAxis(null, shown);
    HouseStyle.label(axis, title);
    axis.setTickLabelFont(font);
    axis.setTickMarksVisible(false);
    axis.setGridBandsVisible(false);
    axis.setRange(-0.5, shown.length - 0.5);
    return axis;
  }

  /** Two series: what is light and what is dark. */
  private DefaultXYZDataset cells() {
    DefaultXYZDataset cells = new DefaultXYZDataset();
    for (boolean dark : new boolean[] {false, true}) {
      int[] chosen =
          IntStream.range(0, rows.size() * columns.size())
              .filter(i -> Double.isFinite(value(i)) && shade().isDark(value(i)) == dark)
              .toArray();
      cells.addSeries(
          dark,
          new double[][] {
            IntStream.of(chosen).mapToDouble(i -> i % columns.size()).toArray(),
            IntStream.of(chosen).mapToDouble(i -> i / columns.size()).toArray(),
            IntStream.of(chosen).mapToDouble(this::value).toArray()
          });
    }
    return cells;
  }

  private double value(int place) {
    return values[place / columns.size()][place % columns.size()];
  }

  private Shade shade() {
    return new Shade(range);
  }

  private XYBlockRenderer renderer() {
    XYBlockRenderer renderer = new XYBlockRenderer();
    renderer.setPaintScale(shade());
    return renderer;
  }

  /** Where they can be read. */
  private void writeNumbers(XYBlockRenderer renderer, double cell) {
    Font font = Fonts.of(cell >= 36 ? 12 : 10);
    renderer.setDefaultItemLabelsVisible(numbers && Fonts.width("\u22120.00", font) <= cell - 3);
    renderer.setDefaultItemLabelFont(font);
    renderer.setSeriesItemLabelPaint(0, HouseStyle.INK);
    renderer.setSeriesItemLabelPaint(1, Color.WHITE);
    renderer.setDefaultPositiveItemLabelPosition(
        new ItemLabelPosition(ItemLabelAnchor.CENTER, TextAnchor.CENTER));
    renderer.setDefaultItemLabelGenerator(
        (cells, series, item) ->
            String.format(Locale.ROOT, "%.2f", ((DefaultXYZDataset) cells).getZValue(series, item))
                .replace('-', '\u2212'));
  }

  private PaintScaleLegend scale() {
    ValueAxis axis =
        Axis.linear(valueTitle).over(range.from(), range.to()).upwards(DoubleStream.empty());
    axis.setTickLabelFont(Fonts.of(12));
    axis.setLabelAngle(Math.PI); // upwards
    PaintScaleLegend scale = new PaintScaleLegend(shade(), axis);
    scale.setPosition(RectangleEdge.RIGHT);
    scale.setAxisLocation(AxisLocation.BOTTOM_OR_RIGHT);
    scale.setStripWidth(12);
    scale.setStripOutlinePaint(HouseStyle.BORDER);
    scale.setStripOutlineVisible(true);
    scale.setSubdivisionCount(64);
    scale.setAxisOffset(0);
    scale.setMargin(0, 0, 0, RIGHT_OF_SCALE);
    return scale;
  }
}
