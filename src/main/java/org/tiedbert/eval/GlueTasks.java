package org.tiedbert.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tiedbert.eval.TableSet.Row;
import org.tiedbert.eval.Task.DataSet;
import org.tiedbert.text.InputException;

/**
 * The tasks of GLUE (Wang et al. 2018) and SWAG (Zellers et al. 2018) in their official files.
 * Classes are in the order of google-research/bert.
 */
public final class GlueTasks {
  private static final List<String> ZERO_ONE = List.of("0", "1");
  private static final List<String> ENTAILMENT = List.of("entailment", "not_entailment");
  private static final int NUM_ENDINGS = 4;

  private static final List<Task> ALL =
      List.of(
          glue(
              "CoLA",
              new TaskOutput.Classes(ZERO_ONE),
              List.of(new Metric.Matthews()),
              new Columns("label", "sentence")
                  .headless(List.of("source", "label", "mark", "sentence"))),
          glue(
              "SST-2",
              new TaskOutput.Classes(ZERO_ONE),
              List.of(new Metric.Accuracy()),
              new Columns("label", "sentence")),
          glue(
              "MRPC",
              new TaskOutput.Classes(ZERO_ONE),
              List.of(new Metric.F1(), new Metric.Accuracy()),
              new Columns("Quality", "#1 String", "#2 String")),
          glue(
              "QQP",
              new TaskOutput.Classes(ZERO_ONE),
              List.of(new Metric.F1(), new Metric.Accuracy()),
              new Columns("is_duplicate", "question1", "question2").skippingBroken()),
          glue(
              "STS-B",
              new TaskOutput.Score("similarity", 0, 5),
              List.of(new Metric.Pearson(), new Metric.Spearman()),
              new Columns("score", "sentence1", "sentence2")),
          multiGenre(),
          glue(
              "QNLI",
              new TaskOutput.Classes(ENTAILMENT),
              List.of(new Metric.Accuracy()),
              new Columns("label", "question", "sentence")),
          glue(
              "RTE",
              new TaskOutput.Classes(ENTAILMENT),
              List.of(new Metric.Accuracy()),
              new Columns("label", "sentence1", "sentence2")),
          glue(
              "WNLI",
              new TaskOutput.Classes(ZERO_ONE),
              List.of(new Metric.Accuracy()),
              new Columns("label", "sentence1", "sentence2")),
          swag());

  private GlueTasks() {}

  /** CoLA, SST-2, MRPC, QQP, STS-B, MNLI, QNLI, RTE, WNLI and SWAG. */
  public static List<Task> all() {
    return ALL;
  }

  /**
   * The task of that name, in capitals or not.
   *
   * @throws InputException if there is none
   */
  public static Task named(String name) {
    return ALL.stream()
        .filter(task -> task.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "a task is one of %s, got '%s'"
                        .formatted(
                            ALL.stream().map(Task::name).collect(Collectors.joining(", ")), name)));
  }

  /**
   * Where a task's files are: in the folder itself, or in the one below that has the task's name.
   *
   * @throws InputException if they are in neither
   */
  public static Path folder(Path data, Task task) {
    for (Path folder : List.of(data.resolve(task.name()), data)) {
      if (task.allSets().stream().anyMatch(set -> set.isIn(folder))) {
        return folder;
      }
    }
    throw new InputException(
        "%s needs its files, such as %s, in %s or in %s; they are in neither%s"
            .formatted(
                task.name(),
                task.train().fileName(),
                data.resolve(task.name()),
                data,
                Files.isDirectory(data) ? "" : " (the latter is no folder)"));
  }

  /**
   * Where a task's texts and labels stand.
   *
   * @param headless names of the columns of the training and development files, if those have no
   *     header
   * @param first column of the (first) text
   * @param second column of the second text, null for single texts
   */
  private record Columns(
      List<String> headless, String label, String first, String second, boolean skipsBroken) {
    Columns(String label, String first, String second) {
      this(List.of(), label, first, second, false);
    }

    Columns(String label, String first) {
      this(label, first, null);
    }

    Columns headless(List<String> names) {
      return new Columns(names, label, first, second, skipsBroken);
    }

    /**
     * For QQP, in whose training file some questions are broken over two lines. In a test set every
     * row counts, since leaderboard files name examples by their row.
     */
    Columns skippingBroken() {
      return new Columns(headless, label, first, second, true);
    }

    List<TextPair> inputs(Row row) {
      return List.of(
          second == null
              ? TextPair.of(row.cell(first))
              : TextPair.of(row.cell(first), row.cell(second)));
    }

    DataSet set(String name, String file, TaskOutput output, boolean labelled) {
      return new TableSet(
          name,
          file,
          labelled ? headless : List.of(),
          this::inputs,
          label,
          target(output),
          labelled,
          labelled && skipsBroken);
    }
  }

  private static Task glue(String name, TaskOutput output, List<Metric> metrics, Columns columns) {
    return new Task(
        name,
        output,
        metrics,
        columns.set("train", "train.tsv", output, true),
        List.of(columns.set("dev", "dev.tsv", output, true)),
        List.of(columns.set("test", "test.tsv", output, false)));
  }

  private static Task multiGenre() {
    TaskOutput output = new TaskOutput.Classes(List.of("contradiction", "entailment", "neutral"));
    Columns columns = new Columns("gold_label", "sentence1", "sentence2");
    return new Task(
        "MNLI",
        output,
        List.of(new Metric.Accuracy()),
        columns.set("train", "train.tsv", output, true),
        List.of(
            columns.set("dev_matched", "dev_matched.tsv", output, true),
            columns.set("dev_mismatched", "dev_mismatched.tsv", output, true)),
        List.of(
            columns.set("test_matched", "test_matched.tsv", output, false),
            columns.set("test_mismatched", "test_mismatched.tsv", output, false)));
  }

  private static Task swag() {
    TaskOutput output = new TaskOutput.Choices(NUM_ENDINGS);
    Function<Row, List<TextPair>> inputs =
        row ->
            IntStream.range(0, NUM_ENDINGS)
                .mapToObj(
                    i ->
                        TextPair.of(
                            row.cell("sent1"),
                            "%s %s".formatted(row.cell("sent2"), row.cell("ending" + i))))
                .toList();
    return new Task(
        "SWAG",
        output,
        List.of(new Metric.Accuracy()),
        new TableSet("train", "train.csv", List.of(), inputs, "label", target(output), true, false),
        List.of(
            new TableSet(
                "val", "val.csv", List.of(), inputs, "label", target(output), true, false)),
        List.of(
            new TableSet(
                "test", "test.csv", List.of(), inputs, "label", target(output), false, false)));
  }

  /** A label as a number, by what a task asks for. */
  static TableSet.Target target(TaskOutput output) {
    return label -> output.target(label.strip());
  }
}
