package org.tiedbert.train;

import org.tiedbert.batch.BatchCursor;
import org.tiedbert.checkpoint.Standing;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;

/** What there is of a run beside its processes: checkpoints, logs, and where it went back to. */
interface RunKeeper {
  /** Where the run stands; a run that went back stands there. */
  Standing standing();

  /** Notes that a process begins or continues the run here. */
  void begun(long step);

  /** Opens the logs, without what stands in them behind the step that the run is at. */
  RunLogs openLogs(long step);

  /**
   * Gives a session's variables the values of the newest checkpoint, or what the stage grows from
   * it; without one, those that the run begins with.
   */
  void setVariables(StageSession session, StagePlan plan, TrainingState state);

  /**
   * Keeps where the run stands and its variables.
   *
   * @param stage that the session is of
   */
  void save(TrainingState state, StageSession session, Stage stage, boolean stageEnd);

  /**
   * Goes back: {@link #standing} is where the run is to continue.
   *
   * @param behind the place behind the batch of the divergence
   */
  void goBack(Divergence divergence, BatchCursor behind);
}
