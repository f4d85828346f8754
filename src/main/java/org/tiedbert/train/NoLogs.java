package org.tiedbert.train;

import java.util.List;
import org.tiedbert.checkpoint.Recovery;

/** Of a worker that is not the chief. */
final class NoLogs implements RunLogs {
  @Override
  public void stage(StageReport stage) {}

  @Override
  public void recovery(Recovery recovery, List<Long> records) {}

  @Override
  public void step(StepReport report, StepMetrics step, double seconds) {}

  @Override
  public void evaluation(EvaluationReport report) {}

  @Override
  public void force() {}

  @Override
  public void close() {}
}
