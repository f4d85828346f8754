package org.tiedbert.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
  public double height(double width) {
    return 0.72 * width;
  }

  @Override
  public void paint(Canvas canvas, double width, double height) {
    List<Double> allX =
        series.stream().flatMapToDouble(one -> DoubleStream.of(one.x())).boxed().toList();
    Frame.Scaled shownX = Frame.around(x, allX);
    Frame.Scaled shownY = Frame.around(y, series.stream().flatMap(Plot::ends).toList());
    Frame frame = new Frame(canvas, width, height, title, shownY, Lettering.TICK.size(), x);
    frame.paintYTicks();
    frame.paintXTicks(shownX);
    for (Mark mark : marks) {
      double at = frame.placeX(mark.x, shownX);
      if (at > frame.left() && at < frame.right()) {
        canvas.segment(at, frame.top(), at, frame.bottom(), HouseStyle.pen(Ink.dotted(mark.color)));
      }
    }
    for (Series one : series) {
      paint(canvas, frame, shownX, one);
    }
    frame.paintBorder();
  }

  /** Values and the ends of their error bars. */
  private static Stream<Double> ends(Series series) {
    double[] y = series.y();
    double[] errors = series.errors().orElseGet(() -> new double[y.length]);
    return IntStream.range(0, y.length)
        .boxed()
        .flatMap(i -> Stream.of(y[i] - errors[i], y[i] + errors[i]));
  }

  private void paint(Canvas canvas, Frame frame, Frame.Scaled shownX, Series one) {
    double[] valuesX = one.x();
    double[] valuesY = one.y();
    int[] kept =
        IntStream.range(0, valuesX.length)
            .filter(i -> drawable(valuesX[i], x) && drawable(valuesY[i], y))
            .toArray();
    double[] atX = Arrays.stream(kept).mapToDouble(i -> frame.placeX(valuesX[i], shownX)).toArray();
    double[] atY = Arrays.stream(kept).mapToDouble(i -> frame.placeY(valuesY[i])).toArray();
    Clip clip = frame.clip();
    if (one.errors().isPresent()) {
      double[] errors = one.errors().get();
      for (int i = 0; i < kept.length; i++) {
        double value = valuesY[kept[i]];
        frame.paintError(atX[i], value, errors[kept[i]], HouseStyle.thin(one.ink()));
      }
    }
    if (one.ink().line()) {
      clip.line(canvas, atX, atY, HouseStyle.pen(one.ink()));
    }
    for (int i = 0; one.ink().markers() && i < kept.length; i++) {
      if (clip.contains(atX[i], atY[i])) {
        HouseStyle.mark(canvas, atX[i], atY[i], one.ink());
      }
    }
  }

  private static boolean drawable(double value, Axis axis) {
    return Double.isFinite(value) && (axis.scale() != Axis.Scale.LOG || value > 0);
  }
}
