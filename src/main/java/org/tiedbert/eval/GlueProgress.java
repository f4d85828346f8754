package org.tiedbert.eval;

/** What a person sees while a table comes into being. */
public interface GlueProgress {
  /** Something a person should know. */
  void note(String line);

  /**
   * A step is done.
   *
   * @param charactersDone of training text, those of earlier processes too
   * @param numCharacters that all cells go through
   * @param cell number of the cell at work, from 1
   * @param numCells in all
   * @param loss of the step's batch
   */
  void step(
      long charactersDone, long charactersToDo, int cell, int numCells, GlueCell at, double loss);

  /** Shows nothing. */
  static GlueProgress silent() {
    return new GlueProgress() {
      @Override
      public void note(String line) {}

      @Override
      public void step(long done, long total, int cell, int numCells, GlueCell at, double loss) {}
    };
  }
}
