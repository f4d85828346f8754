package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tiedbert.analysis.StsBenchmark.Layer;
import org.tiedbert.chart.Axis;
import org.tiedbert.chart.Ink;
import org.tiedbert.chart.Panel;
import org.tiedbert.chart.Plot;
import org.tiedbert.chart.Series;

/** Pictures of several models on STS-B. */
public final class StsFigures {
  private static final Axis LAYER = Axis.whole("layer (0: embeddings)");

  private StsFigures() {}

  /** The feature similarity error of all pairs and of those above each threshold. */
  public static Figure errors(List<StsBenchmark> models) {
    Table.Builder numbers = Table.of("model", "layer", "label_above", "error", "pairs");
    for (StsBenchmark model : models) {
      for (int l = 0; l < model.layers().size(); l++) {
        List<StsBenchmark.Error> errors = model.layers().get(l).errors();
        for (int t = 0; t < errors.size(); t++) {
          Object above = t == 0 ? "" : StsBenchmark.THRESHOLDS.get(t - 1);
          StsBenchmark.Error error = errors.get(t);
          numbers.row(model.model(), l, above, number(error.value()), error.numPairs());
        }
      }
    }
    double highest =
        models.stream()
            .flatMap(model -> model.layers().stream())
            .flatMap(layer -> layer.errors().stream())
            .mapToDouble(error -> error.value().orElse(0))
            .max()
            .orElse(1);
    Axis y = Axis.linear("similarity error").over(0, Math.max(highest, 1e-3) * 1.05);
    List<Panel> panels = new ArrayList<>();
    for (int t = 0; t <= StsBenchmark.THRESHOLDS.size(); t++) {
      int which = t;
      String title = t == 0 ? "all pairs" : "label > " + StsBenchmark.THRESHOLDS.get(t - 1);
      panels.add(
          new Plot(title, LAYER, y, series(models, layer -> layer.errors().get(which).value())));
    }
    return new Figure("stsb-error", panels, 3, numbers.build());
  }

  /** Zero-shot correlations of cosines and labels. */
  public static Figure correlations(List<StsBenchmark> models) {
    Table.Builder numbers = Table.of("model", "layer", "spearman", "pearson", "pairs");
    for (StsBenchmark model : models) {
      for (int l = 0; l < model.layers().size(); l++) {
        Layer layer = model.layers().get(l);
        numbers.row(
            model.model(),
            l,
            number(layer.spearman()),
            number(layer.pearson()),
            layer.errors().get(0).numPairs());
      }
    }
    Axis y = Axis.linear("correlation of cosines and labels");
    return new Figure(
        "stsb-correlation",
        List.of(
            new Plot("Spearman", LAYER, y, series(models, Layer::spearman)),
            new Plot("Pearson", LAYER, y, series(models, Layer::pearson))),
        2,
        numbers.build());
  }

  private static double number(OptionalDouble value) {
    return value.orElse(Double.NaN);
  }

  private static List<Series> series(
      List<StsBenchmark> models, Function<Layer, OptionalDouble> value) {
    return IntStream.range(0, models.size())
        .mapToObj(
            m -> {
              List<Layer> layers = models.get(m).layers();
              return Series.of(
                  models.get(m).model(),
                  IntStream.range(0, layers.size()).asDoubleStream().toArray(),
                  layers.stream().mapToDouble(layer -> number(value.apply(layer))).toArray(),
                  Ink.marked(m));
            })
        .toList();
  }
}
