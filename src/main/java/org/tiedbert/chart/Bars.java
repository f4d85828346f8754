package org.tiedbert.chart;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.category.StatisticalBarRenderer;
import org.jfree.data.statistics.DefaultStatisticalCategoryDataset;

/**
 * Bars from zero, side by side for each category.
 *
 * @param categories below the bars, at least one
 * @param groups one value a category each
 */
public record Bars(
    String title, String categoryTitle, List<String> categories, Axis y, List<Group> groups)
    implements Panel {
  public Bars {
    categories = List.copyOf(categories);
    groups = List.copyOf(groups);
    if (Set.copyOf(categories).size() < categories.size()) {
      throw new IllegalArgumentException("categories must differ, got " + categories);
    }
    if (y.scale() == Axis.Scale.LOG) {
      throw new IllegalArgumentException("bars begin at zero, which no logarithmic axis has");
    }
    for (Group group : groups) {
      if (group.values.length != categories.size()) {
        throw new IllegalArgumentException(
            "bars need a value for each of %d categories, %s has %d"
                .formatted(categories.size(), group.name, group.values.length));
      }
    }
  }

  /**
   * Bars of one colour.
   *
   * @param values what is no finite number has no bar
   * @param errors half the lengths of error bars
   */
  public record Group(String name, double[] values, Optional<double[]> errors, int color) {
    public Group {
      values = values.clone();
      errors = errors.map(double[]::clone);
    }

    @Override
    public double[] values() {
      return values.clone();
    }

    @Override
    public Optional<double[]> errors() {
      return errors.map(double[]::clone);
    }
  }

  @Override
  public List<Key> keys() {
    return groups.size() < 2
        ? List.of()
        : groups.stream().map(group -> new Key(group.name, Ink.points(group.color))).toList();
  }

  @Override
  public JFreeChart chart(double width) {
    CategoryPlot plot =
        new CategoryPlot(values(), categoryAxis(width), y.upwards(ends()), renderer());
    plot.setRangeGridlinePaint(HouseStyle.GRID);
    plot.setRangeGridlineStroke(HouseStyle.GRID_LINE);
    return HouseStyle.chart(title, plot);
  }

  private DefaultStatisticalCategoryDataset values() {
    DefaultStatisticalCategoryDataset values = new DefaultStatisticalCategoryDataset();
    for (int g = 0; g < groups.size(); g++) {
      double[] means = groups.get(g).values;
      double[] errors = groups.get(g).errors.orElseGet(() -> new double[means.length]);
      for (int i = 0; i < means.length; i++) {
        Double mean = Double.isFinite(means[i]) ? Double.valueOf(means[i]) : null;
        Double error = errors[i] > 0 ? Double.valueOf(errors[i]) : null;
        values.add(mean, error, Integer.valueOf(g), categories.get(i));
      }
    }
    return values;
  }

  /** Labels read upwards where they would touch otherwise; the longest are cut. */
  private CategoryAxis categoryAxis(double width) {
    CategoryAxis axis = new CategoryAxis();
    HouseStyle.label(axis, categoryTitle);
    double room = (width - 80) / categories.size();
    if (Fonts.widest(categories, axis.getTickLabelFont()) > room - 6) {
      axis.setCategoryLabelPositions(CategoryLabelPositions.UP_90);
      axis.setMaximumCategoryLabelWidthRatio(0.4f);
    }
    double between = groups.size() == 1 ? 0.45 : 0.2;
    axis.setLowerMargin(between / 2 / categories.size());
    axis.setUpperMargin(between / 2 / categories.size());
    axis.setCategoryMargin(between * (categories.size() - 1) / categories.size());
    return axis;
  }

  /** All ends of bars and error bars, and zero, from where bars begin. */
  private DoubleStream ends() {
    return DoubleStream.concat(
        DoubleStream.of(0),
        groups.stream()
            .flatMapToDouble(
                group -> {
                  double[] none = new double[group.values.length];
                  double[] errors = group.errors.orElse(none);
                  return IntStream.range(0, none.length)
                      .boxed()
                      .flatMapToDouble(
                          i ->
                              DoubleStream.of(
                                  group.values[i] - errors[i], group.values[i] + errors[i]));
                }));
  }

  private StatisticalBarRenderer renderer() {
    StatisticalBarRenderer renderer = new StatisticalBarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setDrawBarOutline(false);
    renderer.setItemMargin(0.05);
    renderer.setErrorIndicatorPaint(HouseStyle.INK);
    renderer.setErrorIndicatorStroke(HouseStyle.ERROR_LINE);
    for (int g = 0; g < groups.size(); g++) {
      renderer.setSeriesPaint(g, HouseStyle.color(Ink.points(groups.get(g).color)));
    }
    return renderer;
  }
}
