package org.tiedbert.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/**
 * Predictions for GLUE's test sets as gluebenchmark.com takes them: a zip of one tab-separated file
 * for each set, {@code index} and {@code prediction}, in GLUE's names of the labels.
 */
public final class Leaderboard {
  /** The first time that a zip can tell: equal predictions are equal bytes. */
  private static final long NO_TIME = 315_532_800_000L;

  private static final List<TestSet> TEST_SETS =
      List.of(
          new TestSet("CoLA", "test", "CoLA.tsv"),
          new TestSet("SST-2", "test", "SST-2.tsv"),
          new TestSet("MRPC", "test", "MRPC.tsv"),
          new TestSet("STS-B", "test", "STS-B.tsv"),
          new TestSet("MNLI", "test_matched", "MNLI-m.tsv"),
          new TestSet("MNLI", "test_mismatched", "MNLI-mm.tsv"),
          new TestSet("QNLI", "test", "QNLI.tsv"),
          new TestSet("QQP", "test", "QQP.tsv"),
          new TestSet("RTE", "test", "RTE.tsv"),
          new TestSet("WNLI", "test", "WNLI.tsv"));

  private Leaderboard() {}

  private record TestSet(String task, String dataSet, String fileName) {}

  /**
   * What a model says of one test set.
   *
   * @param task one of {@link GlueTasks}, without SWAG
   * @param dataSet name of one of its test sets
   * @param values the predicted class or score of each row of the set's file, in its order
   */
  public record Predictions(Task task, String dataSet, double[] values) {
    /** Keeps a copy of the values. */
    public Predictions {
      values = values.clone();
    }

    @Override
    public double[] values() {
      return values.clone();
    }
  }

  /** The name of a test set's file in the zip; none for what GLUE does not score. */
  public static Optional<String> fileName(Task task, String dataSet) {
    return TEST_SETS.stream()
        .filter(set -> set.task.equals(task.name()) && set.dataSet.equals(dataSet))
        .map(TestSet::fileName)
        .findFirst();
  }

  /**
   * Writes the zip, whole or not at all, over one that is there.
   *
   * @return names of the files that GLUE takes and for which there are no predictions
   * @throws InputException if a prediction is no number, or the file cannot be written
   * @throws IllegalArgumentException if there are no predictions, or ones that GLUE does not take
   */
  public static List<String> write(Path zip, List<Predictions> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a leaderboard's zip needs a test set, got none");
    }
    Set<String> written = new HashSet<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      try (ZipOutputStream out = new ZipOutputStream(bytes, UTF_8)) {
        for (Predictions predictions : all) {
          String name = requireNew(predictions, written);
          ZipEntry entry = new ZipEntry(name);
          entry.setTime(NO_TIME);
          out.putNextEntry(entry);
          out.write(table(predictions).getBytes(UTF_8));
        }
      }
      WholeFile.write(zip, bytes.toByteArray());
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(zip, FileProblem.of(e)), e);
    }
    List<String> missing = new ArrayList<>(TEST_SETS.stream().map(TestSet::fileName).toList());
    missing.removeAll(written);
    return missing;
  }

  private static String requireNew(Predictions predictions, Set<String> written) {
    String name =
        fileName(predictions.task, predictions.dataSet)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "GLUE's leaderboard takes no set '%s' of %s"
                            .formatted(predictions.dataSet, predictions.task.name())));
    if (!written.add(name)) {
      throw new IllegalArgumentException("%s can be there once, it came twice".formatted(name));
    }
    return name;
  }

  private static String table(Predictions predictions) {
    StringBuilder lines = new StringBuilder("index\tprediction\n");
    TaskOutput output = predictions.task.output();
    for (int index = 0; index < predictions.values.length; index++) {
      double value = predictions.values[index];
      if (!Double.isFinite(value)) {
        throw new InputException(
            "%s, %s, row %,d: the prediction must be a number, got %s; fine-tune the model again"
                .formatted(predictions.task.name(), predictions.dataSet, index, value));
      }
      lines.append(index).append('\t').append(prediction(output, value)).append('\n');
    }
    return lines.toString();
  }

  /** A label, or a score within the bounds that GLUE sets. */
  private static String prediction(TaskOutput output, double value) {
    return output instanceof TaskOutput.Score score
        ? String.format(
            Locale.ROOT, "%.6f", Math.max(score.lowest(), Math.min(score.highest(), value)))
        : output.inWords(value);
  }
}
