package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A labelled data set as data: where its files are, what its columns mean and how it is scored.
 *
 * @param name such as {@code CoLA}, as GLUE writes it
 * @param output what is predicted
 * @param metrics the first one and all others; the task's score is the mean of them
 * @param train the training set
 * @param devSets what is scored: one set, or two for MNLI
 * @param testSets what leaderboard files are made from; may be empty
 */
public record Task(
    String name,
    TaskOutput output,
    List<Metric> metrics,
    DataSet train,
    List<DataSet> devSets,
    List<DataSet> testSets) {
  public Task {
    metrics = List.copyOf(metrics);
    devSets = List.copyOf(devSets);
    testSets = List.copyOf(testSets);
  }

  /** Training, development and test sets. */
  public List<DataSet> allSets() {
    return Stream.of(List.of(train), devSets, testSets).flatMap(List::stream).toList();
  }

  /**
   * One file of examples.
   *
   * @param name such as {@code dev_matched}; unique within the task
   */
  public interface DataSet {
    String name();

    /** In the task's folder. */
    String fileName();

    /** Whether its file is in the folder. */
    boolean isIn(Path folder);

    /**
     * Reads all of it, in order.
     *
     * @throws org.tiedbert.text.InputException naming file, line, what was required and what came
     */
    List<Example> read(Path folder);
  }
}
