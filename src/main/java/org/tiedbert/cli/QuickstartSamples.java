package org.tiedbert.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tiedbert.export.Prediction;
import org.tiedbert.export.SavedModelEncoder;

/** A few sentences through the exported model: masked words, and definitions that are near. */
final class QuickstartSamples {
  private static final int NUM_CANDIDATES = 3000;
  private static final int NUM_PREDICTIONS = 5;
  private static final int NUM_NEIGHBOURS = 3;
  private static final List<String> MASKED =
      List.of(
          "a genus of [MASK]",
          "a small [MASK] with white flowers",
          "the act of [MASK] something",
          "a person who [MASK] music",
          "in a [MASK] manner");
  private static final List<String> QUERIES =
      List.of(
          "a large bird that lives near water",
          "someone who plays a musical instrument",
          "move quickly and suddenly");

  private final PrintWriter out;

  QuickstartSamples(PrintWriter out) {
    this.out = out;
  }

  void print(Path savedModel, List<String> glosses) {
    try (SavedModelEncoder encoder = SavedModelEncoder.load(savedModel)) {
      for (String text : MASKED) {
        List<Prediction> predictions = encoder.fillMask(text, NUM_PREDICTIONS).get(0);
        out.printf(
            "%-40s %s%n",
            text,
            predictions.stream()
                .map(p -> "%s %.0f%%".formatted(p.token(), 100 * p.probability()))
                .collect(Collectors.joining(", ")));
      }
      neighbours(encoder, sample(glosses));
    }
  }

  private void neighbours(SavedModelEncoder encoder, List<String> candidates) {
    float[][] vectors = encoder.embed(candidates);
    float[][] queries = encoder.embed(QUERIES);
    for (int q = 0; q < queries.length; q++) {
      float[] query = queries[q];
      out.printf("%nnearest of %,d definitions to: %s%n", candidates.size(), QUERIES.get(q));
      IntStream.range(0, candidates.size())
          .boxed()
          .sorted(Comparator.comparingDouble(i -> -cosine(query, vectors[i])))
          .limit(NUM_NEIGHBOURS)
          .forEach(i -> out.printf("  %.3f  %s%n", cosine(query, vectors[i]), candidates.get(i)));
    }
    out.flush();
  }

  private static List<String> sample(List<String> glosses) {
    List<String> shuffled = new ArrayList<>(glosses);
    Collections.shuffle(shuffled, new Random(1));
    return shuffled.subList(0, Math.min(NUM_CANDIDATES, shuffled.size()));
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double normA = 0;
    double normB = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      normA += a[i] * a[i];
      normB += b[i] * b[i];
    }
    return product / Math.sqrt(normA * normB);
  }
}
