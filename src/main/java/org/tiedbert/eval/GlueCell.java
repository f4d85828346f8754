package org.tiedbert.eval;

/**
 * One fine-tuning run among those of a table.
 *
 * @param task name of one of {@link GlueTasks}
 */
public record GlueCell(String task, GridPoint point, long seed) {
  /** As its files are called, in the folder of its task. */
  String fileName() {
    return "lr%s-batch%d-decay%s-seed%d"
        .formatted(point.rateInWords(), point.batchSize(), point.decayInWords(), seed);
  }

  /** Such as {@code RTE, learning rate 5e-5, batch 16, weight decay 0.01, seed 1}. */
  public String inWords() {
    return "%s, %s, seed %d".formatted(task, point.inWords(), seed);
  }
}
