package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.tiedbert.eval.TableSet.Row;
import org.tiedbert.eval.Task.DataSet;
import org.tiedbert.text.InputException;

/**
 * A task on a user's own files: tab-separated without quotation, comma-separated ({@code .csv}) or
 * JSON lines ({@code .jsonl}), whose columns are known by name.
 */
public final class OwnTask {
  private OwnTask() {}

  /**
   * Names of columns.
   *
   * @param pair of the second text, if inputs are pairs
   */
  public record Columns(String text, Optional<String> pair, String label) {
    public Columns {
      if (label.equals(text) || pair.isPresent() && List.of(text, label).contains(pair.get())) {
        throw new InputException(
            "the text, its pair and the label must be columns of their own, got '%s'%s and '%s'"
                .formatted(text, pair.map(", '%s'"::formatted).orElse(""), label));
      }
    }

    List<TextPair> inputs(Row row) {
      return List.of(new TextPair(row.cell(text), pair.map(row::cell)));
    }
  }

  /**
   * Texts into classes: the labels of the training file, in the order of their characters.
   *
   * @throws InputException if that file has less than two, or a blank one
   */
  public static Task classification(Columns columns, Path train, Path dev, Optional<Path> test) {
    SortedSet<String> labels = new TreeSet<>();
    TableSet.rows(train, List.of(), false, row -> labels.add(label(row, columns.label)));
    if (labels.size() < 2) {
      throw new InputException(
          "%s: a classification needs two labels or more in the column '%s', got %s"
              .formatted(train, columns.label, labels));
    }
    return task(
        "classification",
        new TaskOutput.Classes(List.copyOf(labels)),
        List.of(new Metric.Accuracy()),
        columns,
        train,
        dev,
        test);
  }

  private static String label(Row row, String column) {
    String label = row.cell(column).strip();
    if (label.isEmpty()) {
      throw row.problem("the label must not be blank");
    }
    return label;
  }

  /** Texts into a number. */
  public static Task regression(Columns columns, Path train, Path dev, Optional<Path> test) {
    return task(
        "regression",
        new TaskOutput.Score(columns.label, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
        List.of(new Metric.Pearson(), new Metric.Spearman()),
        columns,
        train,
        dev,
        test);
  }

  private static Task task(
      String name,
      TaskOutput output,
      List<Metric> metrics,
      Columns columns,
      Path train,
      Path dev,
      Optional<Path> test) {
    return new Task(
        name,
        output,
        metrics,
        set("train", train, columns, output, true),
        List.of(set("dev", dev, columns, output, true)),
        test.map(file -> set("test", file, columns, output, false)).stream().toList());
  }

  private static DataSet set(
      String name, Path file, Columns columns, TaskOutput output, boolean labelled) {
    return new TableSet(
        name,
        file.toAbsolutePath().toString(),
        List.of(),
        columns::inputs,
        columns.label,
        GlueTasks.target(output),
        labelled,
        false);
  }
}
