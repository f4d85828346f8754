package org.tiedbert.train;

import java.util.Optional;
import org.tiedbert.cluster.Workers;
import org.tiedbert.stage.Stage;

/** A stage on made-up sequences that takes steps when it is told to. */
public final class SteppedStage implements AutoCloseable {
  private final MadeUpShards shards;
  private final StageSession session;
  private final Workers workers;
  private final BenchedStage stage;
  private Optional<AllReduce> allReduce = Optional.empty();

  /**
   * @param shards closed with this
   * @param session closed with this
   * @param workers who take the steps together
   */
  SteppedStage(
      MadeUpShards shards,
      StageSession session,
      Workers workers,
      PreTrainingConfig config,
      Stage stage) {
    this.shards = shards;
    this.session = session;
    this.workers = workers;
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

  /** Sums gradients over all workers, without a step; returns the seconds of each time. */
  public double[] sums(int numTimes) {
    AllReduce sums = allReduce.orElseGet(this::openAllReduce);
    double[] seconds = new double[numTimes];
    for (int i = 0; i < numTimes; i++) {
      seconds[i] = sums.seconds();
    }
    return seconds;
  }

  private AllReduce openAllReduce() {
    AllReduce opened = new AllReduce(session.graph(), workers);
    allReduce = Optional.of(opened);
    opened.seconds(); // warms up
    return opened;
  }

  /** Takes a step with a clock at every operation. */
  public StepTrace trace() {
    return stage.trace();
  }

  @Override
  public void close() {
    try (session) {
      allReduce.ifPresent(AllReduce::close);
      stage.close();
    } finally {
      shards.close();
    }
  }
}
