package org.tiedbert.train;

import org.tiedbert.batch.BatchCursor;
import org.tiedbert.checkpoint.Standing;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;

/** Of a worker that is not the chief: it hears everything from the chief, and writes nothing. */
final class NoKeeper implements RunKeeper {
  @Override
  public Standing standing() {
    return Standing.START;
  }

  @Override
  public void begun(long step) {}

  @Override
  public RunLogs openLogs(long step) {
    return new NoLogs();
  }

  @Override
  public void setVariables(StageSession session, StagePlan plan, TrainingState state) {}

  @Override
  public void save(TrainingState state, StageSession session, Stage stage, boolean stageEnd) {}

  @Override
  public void goBack(Divergence divergence, BatchCursor behind) {}
}
