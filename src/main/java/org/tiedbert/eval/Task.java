package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.List;

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

  /**
   * One file of examples.
   *
   * @param name such as {@code dev_matched}; unique within the task
   */
  public interface DataSet {
    String name();

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
