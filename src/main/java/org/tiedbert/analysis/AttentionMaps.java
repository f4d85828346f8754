package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tiedbert.chart.Axis;
import org.tiedbert.chart.HeatMap;
import org.tiedbert.chart.Panel;

/** Where heads look in a sentence (MSLT, figure 2): a heat map for each chosen layer and head. */
public final class AttentionMaps {
  private AttentionMaps() {}

  /**
   * A row of maps for each layer, the heads beside one another. Each row of a map is a token's
   * distribution and adds up to 1.
   *
   * @param name of the figure
   * @param layers from 1
   * @param heads from 1
   * @throws IllegalArgumentException if the model has no such layer or head
   */
  public static Figure figure(
      String name, Attention attention, List<Integer> layers, List<Integer> heads) {
    layers.forEach(layer -> require("layer", layer, attention.numLayers()));
    heads.forEach(head -> require("head", head, attention.numHeads()));
    List<String> tokens = attention.tokens();
    Table.Builder numbers =
        Table.of("layer", "head", "from", "from_token", "to", "to_token", "attention");
    List<Panel> panels = new ArrayList<>();
    double highest = 0;
    for (int layer : layers) {
      for (int head : heads) {
        for (int from = 0; from < tokens.size(); from++) {
          for (int to = 0; to < tokens.size(); to++) {
            float value = attention.at(layer, head, from, to);
            highest = Math.max(highest, value);
            numbers.row(layer, head, from, tokens.get(from), to, tokens.get(to), (double) value);
          }
        }
      }
    }
    Axis.Range range = new Axis.Range(0, Math.max(0.1, Math.ceil(highest * 10 - 1e-6) / 10));
    for (int layer : layers) {
      for (int head : heads) {
        panels.add(
            new HeatMap(
                "layer %d, head %d".formatted(layer, head),
                "attended token",
                tokens,
                "token",
                tokens,
                attention.map(layer, head),
                range,
                "attention",
                false));
      }
    }
    return new Figure(name, panels, heads.size(), numbers.build());
  }

  /** All that a model has, from 1. */
  public static List<Integer> all(int count) {
    return IntStream.rangeClosed(1, count).boxed().toList();
  }

  private static void require(String what, int number, int count) {
    if (number < 1 || number > count) {
      throw new IllegalArgumentException(
          "the model has %ss 1 to %d, there is no %s %d".formatted(what, count, what, number));
    }
  }
}
