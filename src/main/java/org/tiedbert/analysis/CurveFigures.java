package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.tiedbert.analysis.RunCurve.Point;
import org.tiedbert.chart.Axis;
import org.tiedbert.chart.Ink;
import org.tiedbert.chart.Plot;
import org.tiedbert.chart.Series;

/**
 * Curves of several runs over steps and over time (MSLT, figure 4): solid the training, as means of
 * updates, dashed the held-out text, dotted where a stage begins.
 *
 * @param runs at least one
 * @param metric what the values are, such as {@code crossEntropy}
 * @param numUpdates that a point of training is the mean of; the same for all runs
 * @param highest above which nothing is shown; without it, what is above all that comes after the
 *     first twentieth of each run, since the first updates would flatten the rest
 */
public record CurveFigures(
    List<RunCurve> runs, String metric, int numUpdates, OptionalDouble highest) {
  /** Points of the longest run, unless told otherwise. */
  private static final int POINTS = 200;

  /** Share of each run's steps that the vertical axis need not show. */
  private static final double SKIPPED = 0.05;

  private static final double SECONDS_IN_MINUTE = 60;
  private static final double SECONDS_IN_HOUR = 3600;
  private static final double LONG_SECONDS = 3 * SECONDS_IN_HOUR;

  public CurveFigures {
    runs = List.copyOf(runs);
  }

  /**
   * @param numUpdates in a mean; without it as many as leave the longest run {@value #POINTS}
   *     points
   */
  public static CurveFigures of(
      List<RunCurve> runs, String metric, OptionalInt numUpdates, OptionalDouble highest) {
    int longest = runs.stream().mapToInt(run -> run.training().size()).max().orElseThrow();
    return new CurveFigures(
        runs, metric, numUpdates.orElse(Math.max(1, (longest + POINTS - 1) / POINTS)), highest);
  }

  /** Both pictures. */
  public List<Figure> figures() {
    double longest =
        runs.stream()
            .mapToDouble(run -> run.training().get(run.training().size() - 1).seconds())
            .max()
            .orElseThrow();
    boolean hours = longest > LONG_SECONDS;
    double unit = hours ? SECONDS_IN_HOUR : SECONDS_IN_MINUTE;
    Axis time = Axis.linear("time of training (%s)".formatted(hours ? "hours" : "minutes"));
    return List.of(
        figure("curves-step", Axis.whole("step"), Point::step),
        figure("curves-time", time, point -> point.seconds() / unit));
  }

  private Figure figure(String name, Axis x, ToDoubleFunction<Point> place) {
    List<Series> series = new ArrayList<>();
    List<Plot.Mark> marks = new ArrayList<>();
    boolean anyHeldOut = false;
    for (int i = 0; i < runs.size(); i++) {
      RunCurve run = runs.get(i);
      int color = i;
      series.add(series(run.name(), run.smoothed(numUpdates), place, Ink.line(i)));
      if (!run.heldOut().isEmpty()) {
        series.add(series("", run.heldOut(), place, Ink.dashed(i)));
        anyHeldOut = true;
      }
      run.stages().forEach(stage -> marks.add(new Plot.Mark(place.applyAsDouble(stage), color)));
    }
    if (anyHeldOut) {
      series.add(Series.key("held-out text", Ink.dashed(Ink.NEUTRAL)));
    }
    if (!marks.isEmpty()) {
      series.add(Series.key("a stage begins", Ink.dotted(Ink.NEUTRAL)));
    }
    return Figure.of(name, new Plot("", x, y(), series, marks), numbers());
  }

  private static Series series(
      String name, List<Point> points, ToDoubleFunction<Point> place, Ink ink) {
    return Series.of(
        name,
        points.stream().mapToDouble(place).toArray(),
        points.stream().mapToDouble(Point::value).toArray(),
        ink);
  }

  private Axis y() {
    String title =
        switch (metric) {
          case "crossEntropy" -> "cross entropy (nats per prediction)";
          case "loss" -> "loss";
          default -> metric;
        };
    double lowest = values(0).min().orElseThrow();
    double top = highest.orElseGet(() -> values(SKIPPED).max().orElseThrow());
    double room = 0.04 * (top - lowest);
    Axis axis = Axis.linear(title);
    return room > 0 ? axis.over(lowest - room, highest.orElse(top + room)) : axis;
  }

  /** All values but those of each run's beginning. */
  private DoubleStream values(double skipped) {
    return runs.stream()
        .flatMap(
            run -> {
              List<Point> all = run.training();
              double first = skipped * all.get(all.size() - 1).step();
              return Stream.concat(run.smoothed(numUpdates).stream(), run.heldOut().stream())
                  .filter(point -> point.step() >= first);
            })
        .mapToDouble(Point::value);
  }

  private Table numbers() {
    Table.Builder numbers =
        Table.of("run", "kind", "step", "seconds", metric.replace("crossEntropy", "cross_entropy"));
    for (RunCurve run : runs) {
      run.smoothed(numUpdates)
          .forEach(p -> numbers.row(run.name(), "training", p.step(), p.seconds(), p.value()));
      run.heldOut()
          .forEach(p -> numbers.row(run.name(), "held-out", p.step(), p.seconds(), p.value()));
      run.stages().forEach(p -> numbers.row(run.name(), "stage", p.step(), p.seconds(), p.value()));
    }
    return numbers.build();
  }
}
