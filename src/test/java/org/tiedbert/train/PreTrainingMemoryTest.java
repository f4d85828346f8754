package org.tiedbert.train;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.batch.Batch;
import org.tiedbert.cluster.OneWorker;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.Split;
import org.tiedbert.stage.StagePlan;

/**
 * Nothing native is left behind by a step or a stage: one leaked tensor a step ends a run of a
 * week. {@code -Dtiedbert.soak=67} takes 20,000 steps and 200 sessions.
 */
class PreTrainingMemoryTest {
  private static final int SOAK = Integer.getInteger("tiedbert.soak", 1);
  private static final int NUM_STEPS = 300 * SOAK;
  private static final int NUM_SESSIONS = 3 * SOAK;

  @TempDir Path folder;

  @Test
  void stepsAndEvaluationsLeaveNothingBehind() {
    // given
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"));
    PreTrainingConfig config = PreTrainingSetup.config(shards);
    StagePlan plan = config.stages().build(2, config.learningRate());
    StageGraphs graphs = PreTrainingSetup.graphs(config);
    try (ShardReader reader = ShardReader.open(shards, Split.TRAIN, PreTrainingSetup.vocabulary());
        ShardReader heldOut =
            ShardReader.open(shards, Split.HELD_OUT, PreTrainingSetup.vocabulary());
        StageSession session = graphs.openFresh(plan, plan.stages().get(0))) {
      Batch batch = PlanTable.firstBatch(graphs.share(), reader);
      HeldOut evaluation =
          new HeldOut(
              heldOut, PreTrainingSetup.vocabulary(), 4, 4, false, new OneWorker(config.engine()));
      AtomicInteger step = new AtomicInteger();
      // when, then
      NativeMemory.assertFlat(
          () -> step(session, evaluation, batch, step.getAndIncrement()), NUM_STEPS, 100L << 20);
    }
  }

  @Test
  void sessionsLeaveNothingBehind() {
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"));
    PreTrainingConfig config = PreTrainingSetup.config(shards);
    StagePlan plan = config.stages().build(2, config.learningRate());
    StageGraphs graphs = PreTrainingSetup.graphs(config);
    try (ShardReader reader =
        ShardReader.open(shards, Split.TRAIN, PreTrainingSetup.vocabulary())) {
      Batch batch = PlanTable.firstBatch(graphs.share(), reader);
      Runnable session =
          () -> {
            try (StageSession opened = graphs.openFresh(plan, plan.stages().get(1))) {
              opened.computeGradients(batch, 0);
            }
          };
      NativeMemory.assertFlat(session, NUM_SESSIONS, 256L << 20);
    }
  }

  private static void step(StageSession session, HeldOut evaluation, Batch batch, int step) {
    StepMetrics metrics = session.computeGradients(batch, step);
    session.update(step, 1e-3, metrics.gradientNorm());
    if (step % 3 == 0) {
      evaluation.evaluate(session, step);
    }
  }
}
