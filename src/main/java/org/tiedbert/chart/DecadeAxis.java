package org.tiedbert.chart;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/**
 * A logarithmic axis with ticks at round numbers: powers of ten and, if there are few of these,
 * what is between them. JFreeChart's own are at equal distances, such as 1, 3.16 and 10.
 */
@SuppressWarnings("serial") // no chart is serialized
final class DecadeAxis extends LogAxis {
  private static final int[][] WITHIN_DECADE = {{1}, {1, 3}, {1, 2, 5}, {1, 2, 3, 5, 7}};

  @Override
  public List<?> refreshTicks(
      Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
    boolean across = RectangleEdge.isTopOrBottom(edge);
    int most = (int) Math.max(2, across ? area.getWidth() / 52 : area.getHeight() / 38);
    TextAnchor anchor = across ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT;
    List<Double> places = places(most);
    if (places.size() >= 3) {
      return ticks(places, Ticks::number, anchor);
    }
    double step = (getUpperBound() - getLowerBound()) / most; // less than a decade
    NumberTickUnit unit = (NumberTickUnit) Ticks.units(false).getCeilingTickUnit(step);
    List<Double> multiples =
        DoubleStream.iterate(Math.ceil(getLowerBound() / unit.getSize()), i -> i + 1)
            .map(i -> i * unit.getSize())
            .takeWhile(value -> value <= getUpperBound())
            .boxed()
            .toList();
    return ticks(multiples, unit::valueToString, anchor);
  }

  private static List<NumberTick> ticks(
      List<Double> places, DoubleFunction<String> label, TextAnchor anchor) {
    return places.stream()
        .map(place -> new NumberTick(place, label.apply(place), anchor, anchor, 0))
        .toList();
  }

  private List<Double> places(int most) {
    int first = (int) Math.floor(Math.log10(getLowerBound()));
    int last = (int) Math.ceil(Math.log10(getUpperBound()));
    List<Double> chosen = places(first, last, (last - first + most) / most, WITHIN_DECADE[0]);
    for (int[] multiples : WITHIN_DECADE) {
      List<Double> places = places(first, last, 1, multiples);
      chosen = places.size() <= most ? places : chosen;
    }
    return chosen;
  }

  /**
   * @param everyDecade 1 for all
   */
  private List<Double> places(int first, int last, int everyDecade, int[] multiples) {
    return IntStream.rangeClosed(first, last)
        .filter(decade -> decade % everyDecade == 0)
        .boxed()
        .flatMap(
            decade ->
                IntStream.of(multiples)
                    .mapToObj(multiple -> Double.valueOf(multiple + "e" + decade)))
        .filter(value -> value >= getLowerBound() && value <= getUpperBound())
        .toList();
  }
}
