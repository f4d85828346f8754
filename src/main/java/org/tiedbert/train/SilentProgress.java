package org.tiedbert.train;

import java.nio.file.Path;

/** Tells nobody. */
final class SilentProgress implements Progress {
  @Override
  public void stageStarted(StageReport stage) {}

  @Override
  public void step(StepReport step) {}

  @Override
  public void evaluated(EvaluationReport evaluation) {}

  @Override
  public void checkpoint(Path directory) {}

  @Override
  public void note(String line) {}

  @Override
  public void close() {}
}
