package org.tiedbert.eval;

import java.util.List;

/** What a person sees of a fine-tuning run while it runs. */
public interface FineTuningProgress {
  /** Something a person should know. */
  void note(String line);

  /**
   * A step is done.
   *
   * @param steps done in all
   * @param totalSteps of all epochs
   * @param loss of the step's batch
   */
  void step(long steps, long totalSteps, double loss);

  /**
   * The development sets were scored.
   *
   * @param best whether no score before was as good
   */
  void scored(long steps, List<Scores> scores, boolean best);

  /** Shows nothing. */
  static FineTuningProgress silent() {
    return new FineTuningProgress() {
      @Override
      public void note(String line) {}

      @Override
      public void step(long steps, long totalSteps, double loss) {}

      @Override
      public void scored(long steps, List<Scores> scores, boolean best) {}
    };
  }
}
