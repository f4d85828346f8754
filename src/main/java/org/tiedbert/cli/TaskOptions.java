package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What is learnt, and from which files. */
final class TaskOptions {
  private static final List<String> OWN = List.of("classification", "regression");

  @Option(
      names = "--task",
      paramLabel = "T",
      description = {
        "CoLA, SST-2, MRPC, QQP, STS-B, MNLI, QNLI, RTE, WNLI or SWAG in their official files; or"
            + " classification or regression on files of your own."
      })
  private String task;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The task's folder, or the one that holds it under the task's name.")
  private Path data;

  @Option(
      names = "--train",
      paramLabel = "FILE",
      description = {
        "Examples to learn from: .tsv (no quotation), .csv or .jsonl, with the columns' names in the"
            + " first row or as keys."
      })
  private Path train;

  @Option(names = "--dev", paramLabel = "FILE", description = "Examples to score on, likewise.")
  private Path dev;

  @Option(
      names = "--text",
      paramLabel = "COLUMN",
      description = "The column of the text. Default: text.")
  private String text;

  @Option(
      names = "--pair",
      paramLabel = "COLUMN",
      description = "The column of the second text, where inputs are pairs.")
  private String pair;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "The column of the label. Default: label.")
  private String label;

  /** As settings of a configuration. */
  List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (task != null) {
      boolean own = OWN.stream().anyMatch(task::equalsIgnoreCase);
      settings.add("task.kind=" + (own ? task.toLowerCase(Locale.ROOT) : "glue"));
      if (own) {
        settings.add(ConfigOverrides.text("task.text", text == null ? "text" : text));
        settings.add(ConfigOverrides.text("task.label", label == null ? "label" : label));
        text = null;
        label = null;
      } else {
        settings.add(ConfigOverrides.text("task.name", task));
      }
    }
    add(settings, "task.data", data);
    add(settings, "task.train", train);
    add(settings, "task.dev", dev);
    add(settings, "task.text", text);
    add(settings, "task.pair", pair);
    add(settings, "task.label", label);
    return settings;
  }

  private static void add(List<String> settings, String path, Object value) {
    if (value != null) {
      settings.add(ConfigOverrides.text(path, value));
    }
  }
}
