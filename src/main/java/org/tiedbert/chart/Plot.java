package org.tiedbert.chart;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.SeriesRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.DefaultIntervalXYDataset;
import org.jfree.data.xy.DefaultXYDataset;

/**
 * Lines or points over two axes of numbers.
 *
 * @param marks places on the x axis with a line across
 */
public record Plot(String title, Axis x, Axis y, List<Series> series, List<Mark> marks)
    implements Panel {

  public Plot {
    series = List.copyOf(series);
    marks = List.copyOf(marks);
  }

  public Plot(String title, Axis x, Axis y, List<Series> series) {
    this(title, x, y, series, List.of());
  }

  /** A dotted line from the bottom to the top, in the colour of that number. */
  public record Mark(double x, int color) {}

  @Override
  public List<Key> keys() {
    return series.stream()
        .filter(one -> !one.name().isEmpty())
        .map(one -> new Key(one.name(), one.ink()))
        .toList();
  }

  @Override
  public JFreeChart chart(double width) {
    ValueAxis shownX = x.across(series.stream().flatMapToDouble(one -> DoubleStream.of(one.x())));
    ValueAxis shownY = y.upwards(series.stream().flatMapToDouble(Series::ends));
    XYPlot plot = new XYPlot(null, shownX, shownY, null);
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setSeriesRenderingOrder(SeriesRenderingOrder.FORWARD);
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(HouseStyle.GRID);
    plot.setRangeGridlineStroke(HouseStyle.GRID_LINE);
    addErrors(plot);
    addPoints(plot);
    for (Mark mark : marks) {
      Ink ink = Ink.dotted(mark.color);
      ValueMarker line =
          new ValueMarker(mark.x, HouseStyle.color(ink), HouseStyle.stroke(ink), null, null, 1);
      plot.addDomainMarker(line, Layer.BACKGROUND);
    }
    return HouseStyle.chart(title, plot);
  }

  /** Under the points. */
  private void addErrors(XYPlot plot) {
    DefaultIntervalXYDataset bars = new DefaultIntervalXYDataset();
    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDefaultShapesVisible(false);
    renderer.setDrawXError(false);
    renderer.setCapLength(6);
    for (int i = 0; i < series.size(); i++) {
      Series one = series.get(i);
      int[] kept = drawable(one).filter(one::hasError).toArray();
      double[] valuesX = chosen(one.x(), kept);
      double[] values = chosen(one.y(), kept);
      double[] lows = chosen(one.lows(), kept);
      bars.addSeries(
          i, new double[][] {valuesX, valuesX, valuesX, values, lows, chosen(one.highs(), kept)});
      renderer.setSeriesPaint(i, HouseStyle.color(one.ink()));
      renderer.setSeriesStroke(i, HouseStyle.ERROR_LINE);
    }
    plot.setDataset(0, bars);
    plot.setRenderer(0, renderer);
  }

  private void addPoints(XYPlot plot) {
    DefaultXYDataset points = new DefaultXYDataset();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
    renderer.setDrawSeriesLineAsPath(true);
    renderer.setDrawOutlines(false);
    for (int i = 0; i < series.size(); i++) {
      Series one = series.get(i);
      int[] kept = drawable(one).toArray();
      points.addSeries(i, new double[][] {chosen(one.x(), kept), chosen(one.y(), kept)});
      renderer.setSeriesPaint(i, HouseStyle.color(one.ink()));
      renderer.setSeriesLinesVisible(i, one.ink().hasLine());
      renderer.setSeriesStroke(i, HouseStyle.stroke(one.ink()));
      renderer.setSeriesShapesVisible(i, one.ink().hasMarkers());
      renderer.setSeriesShape(i, HouseStyle.marker(one.ink()));
    }
    plot.setDataset(1, points);
    plot.setRenderer(1, renderer);
  }

  private static IntStream drawable(Series one) {
    double[] valuesX = one.x();
    double[] valuesY = one.y();
    return IntStream.range(0, valuesX.length)
        .filter(i -> Double.isFinite(valuesX[i]) && Double.isFinite(valuesY[i]));
  }

  private static double[] chosen(double[] values, int[] places) {
    return IntStream.of(places).mapToDouble(i -> values[i]).toArray();
  }
}
