package org.tiedbert.eval;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a model predicted for the examples of a data set, as a file beside it: {@code
 * predictions-DATASET.tsv} with the columns {@code index}, {@code target} and {@code prediction},
 * by their names or numbers as the task's files have them.
 */
final class Predictions {
  private Predictions() {}

  static String fileName(String dataSet) {
    return "predictions-%s.tsv".formatted(dataSet);
  }

  static byte[] bytes(TaskOutput output, List<EncodedExample> examples, double[] predictions) {
    StringBuilder lines = new StringBuilder("index\ttarget\tprediction\n");
    for (int i = 0; i < predictions.length; i++) {
      lines.append(i).append('\t');
      lines.append(output.inWords(examples.get(i).target())).append('\t');
      lines.append(output.inWords(predictions[i])).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
