package org.tiedbert.train;

import java.util.List;
import org.tiedbert.checkpoint.Recovery;

/** What a run tells of itself while it runs, for programs to read. */
interface RunLogs extends AutoCloseable {
  void stage(StageReport stage);

  /**
   * @param records that are left out
   */
  void recovery(Recovery recovery, List<Long> records);

  /**
   * @param seconds that the update took
   */
  void step(StepReport report, StepMetrics step, double seconds);

  void evaluation(EvaluationReport report);

  /** Puts everything so far on the disk, before a checkpoint that stands behind it. */
  void force();

  @Override
  void close();
}
