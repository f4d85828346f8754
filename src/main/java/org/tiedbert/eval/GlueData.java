package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tiedbert.eval.Task.DataSet;
import org.tiedbert.text.InputException;

/**
 * The tasks that there is data for.
 *
 * @param there in the order of the configuration
 * @param missing those that are left out
 */
public record GlueData(List<TaskData> there, List<MissingTask> missing) {
  public GlueData {
    there = List.copyOf(there);
    missing = List.copyOf(missing);
  }

  /**
   * A task with a training set and all of its development sets.
   *
   * @param folder of its files
   * @param numExamples of the training set
   * @param numCharacters of all texts in it, by which the time that training takes is foreseen
   */
  public record TaskData(Task task, Path folder, int numExamples, long numCharacters) {}

  /** A task that cannot be trained, and why. */
  public record MissingTask(String task, String reason) {}

  /**
   * Looks for the tasks of a configuration, and reads their training and development sets once, so
   * that a mistake in one is found before any training.
   *
   * @throws InputException if a file is not what it must be, or there is no task at all
   */
  public static GlueData read(GlueConfig config) {
    List<TaskData> there = new ArrayList<>();
    List<MissingTask> missing = new ArrayList<>();
    for (String name : config.tasks()) {
      Task task = GlueTasks.named(name);
      Path folder;
      try {
        folder = GlueTasks.folder(config.data(), task);
      } catch (InputException e) {
        missing.add(new MissingTask(name, "no files in " + config.data().resolve(name)));
        continue;
      }
      List<String> absent = absent(task, folder);
      if (absent.isEmpty()) {
        there.add(read(task, folder));
      } else {
        missing.add(
            new MissingTask(name, "no %s in %s".formatted(String.join(", ", absent), folder)));
      }
    }
    if (there.isEmpty()) {
      throw new InputException(
          "%s must hold a training and all development sets of a task at least, it holds none of %s"
              .formatted(config.data(), String.join(", ", config.tasks())));
    }
    return new GlueData(there, missing);
  }

  private static List<String> absent(Task task, Path folder) {
    return Stream.concat(Stream.of(task.train()), task.devSets().stream())
        .filter(set -> !set.isIn(folder))
        .map(DataSet::fileName)
        .toList();
  }

  private static TaskData read(Task task, Path folder) {
    task.devSets().forEach(set -> set.read(folder));
    List<Example> train = task.train().read(folder);
    long numCharacters =
        train.stream()
            .flatMap(example -> example.inputs().stream())
            .mapToLong(pair -> pair.first().length() + pair.second().map(String::length).orElse(0))
            .sum();
    return new TaskData(task, folder, train.size(), numCharacters);
  }

  /** Names of the tasks that there is data for. */
  public List<String> names() {
    return there.stream().map(data -> data.task().name()).toList();
  }

  TaskData of(String task) {
    return there.stream().filter(data -> data.task().name().equals(task)).findFirst().orElseThrow();
  }
}
