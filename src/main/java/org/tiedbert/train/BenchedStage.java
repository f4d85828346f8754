package org.tiedbert.train;

import org.tiedbert.batch.Batch;
import org.tiedbert.batch.BatchCursor;
import org.tiedbert.batch.BatchSource;
import org.tiedbert.batch.SkippedSequences;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.stage.Stage;

/**
 * One stage's steps as a run takes them, batches read ahead by a thread, with clocks in them. What
 * they train is of no use. Owns the batches; the session is the caller's.
 */
final class BenchedStage implements AutoCloseable {
  private static final int NUM_WARM_UPS = 3;

  /** How often what is short is repeated, for the best of them. */
  private static final int NUM_REPETITIONS = 5;

  private final Stage stage;
  private final StageSession session;
  private final BatchSource batches;
  private Batch last;
  private long step;

  /**
   * One step's clocks, in seconds.
   *
   * @param waiting until the batch was there
   * @param total of the whole step
   */
  record Clocks(double waiting, double total) {}

  /**
   * @param session of the stage, its variables with any values
   */
  BenchedStage(PreTrainingConfig config, Stage stage, StageSession session, ShardReader shards) {
    this.stage = stage;
    this.session = session;
    this.step = stage.firstStep();
    this.batches =
        new BatchSource(
            shards,
            config.seed(),
            session.share(),
            0, // every worker's share is full of sequences
            BatchCursor.START,
            SkippedSequences.NONE);
  }

  /** The first steps, of which the first compiles; returns its seconds. */
  double warmUp() {
    double first = step().total();
    for (int i = 1; i < NUM_WARM_UPS; i++) {
      step();
    }
    return first;
  }

  /** Takes one step. */
  Clocks step() {
    long start = System.nanoTime();
    last = batches.next();
    long fetched = System.nanoTime();
    session.step(last, step, update());
    long end = System.nanoTime();
    step++;
    return new Clocks((fetched - start) / 1e9, (end - start) / 1e9);
  }

  private StageSession.Update update() {
    return new StageSession.Update(stage.learningRate().at(step), Double.POSITIVE_INFINITY);
  }

  /** Seconds in which a batch becomes tensors that are fed; only after a step. */
  double feedingSeconds() {
    return best(() -> parts().forEachMicroBatch((runner, number) -> {}));
  }

  /** Seconds of the noise alone, of a whole batch; only after a step. */
  double noiseSeconds() {
    return best(() -> parts().noise());
  }

  /** Seconds of the optimizer alone, without the norm of the gradients; only after a step. */
  double updateSeconds() {
    StepMetrics metrics = session.computeGradients(last, step);
    double learningRate = stage.learningRate().at(step);
    return best(() -> session.update(step, learningRate, metrics.gradientNorm()));
  }

  /** What every operation of one step took; only after a step. */
  StepTrace trace() {
    return parts().trace(update());
  }

  private StepParts parts() {
    return new StepParts(session, last, step);
  }

  private static double best(Runnable work) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < NUM_REPETITIONS; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }

  @Override
  public void close() {
    batches.close();
  }
}
