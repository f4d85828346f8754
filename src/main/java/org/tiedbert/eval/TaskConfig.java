package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.Optional;
import org.tiedbert.text.InputException;

/** What is learnt, and from which files. */
public sealed interface TaskConfig {
  /**
   * The task, and where labels are to be found in files, after a look at those.
   *
   * @throws org.tiedbert.text.InputException if there is no such task, or a file does not fit
   */
  Task task();

  /** Where its data sets are. */
  Path folder();

  /**
   * One of {@link GlueTasks}, in the official files.
   *
   * @param name such as {@code RTE}
   * @param data the task's folder, or the one that holds it under its name
   */
  record Glue(String name, Path data) implements TaskConfig {
    public Glue {
      try {
        GlueTasks.named(name);
      } catch (InputException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }

    @Override
    public Task task() {
      return GlueTasks.named(name);
    }

    @Override
    public Path folder() {
      return GlueTasks.folder(data, task());
    }
  }

  /**
   * Texts or pairs of texts into one of several classes, which the training file shows.
   *
   * @param train tab-separated, comma-separated or JSON lines, by its name's end
   * @param dev the same columns
   * @param test the same columns, the label may be missing
   * @param text name of the column
   * @param pair name of the column of second texts, if inputs are pairs
   * @param label name of the column
   */
  record Classification(
      Path train, Path dev, Optional<Path> test, String text, Optional<String> pair, String label)
      implements TaskConfig {
    @Override
    public Task task() {
      return OwnTask.classification(columns(), train, dev, test);
    }

    @Override
    public Path folder() {
      return Path.of("");
    }

    private OwnTask.Columns columns() {
      return new OwnTask.Columns(text, pair, label);
    }
  }

  /** Texts or pairs of texts into a number; the settings are those of {@link Classification}. */
  record Regression(
      Path train, Path dev, Optional<Path> test, String text, Optional<String> pair, String label)
      implements TaskConfig {
    @Override
    public Task task() {
      return OwnTask.regression(new OwnTask.Columns(text, pair, label), train, dev, test);
    }

    @Override
    public Path folder() {
      return Path.of("");
    }
  }
}
