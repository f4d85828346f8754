package org.tiedbert.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Vectors by the angle between them. */
record CosineNeighbours(float[][] vectors) {

  /** The vectors nearest to one of them, itself apart, the nearest first. */
  List<Integer> nearest(int query, int number) {
    return IntStream.range(0, vectors.length)
        .boxed()
        .filter(other -> other != query)
        .sorted(Comparator.comparingDouble((Integer other) -> -cosine(query, other)))
        .limit(number)
        .toList();
  }

  double cosine(int a, int b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  private double dot(int a, int b) {
    double sum = 0;
    for (int i = 0; i < vectors[a].length; i++) {
      sum += (double) vectors[a][i] * vectors[b][i];
    }
    return sum;
  }
}
