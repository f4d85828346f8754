package org.tiedbert.train;

import org.tiedbert.stage.Stage;

/** A stage on made-up sequences that takes steps when it is told to. */
public final class SteppedStage implements AutoCloseable {
  private final MadeUpShards shards;
  private final StageSession session;
  private final BenchedStage stage;

  /**
   * @param shards closed with this
   * @param session closed with this
   */
  SteppedStage(MadeUpShards shards, StageSession session, PreTrainingConfig config, Stage stage) {
    this.shards = shards;
    this.session = session;
    this.stage = new BenchedStage(config, stage, session, shards.reader());
  }

  void warmUp() {
    stage.warmUp();
  }

  /** Takes steps; returns the seconds of each. */
  public double[] steps(int numSteps) {
    double[] seconds = new double[numSteps];
    for (int i = 0; i < numSteps; i++) {
      seconds[i] = stage.step().total();
    }
    return seconds;
  }

  /** Takes a step with a clock at every operation. */
  public StepTrace trace() {
    return stage.trace();
  }

  @Override
  public void close() {
    try (session) {
      stage.close();
    } finally {
      shards.close();
    }
  }
}
