package org.tiedbert.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.tiedbert.batch.BatchCursor;
import org.tiedbert.batch.GlobalShuffle;
import org.tiedbert.batch.SkippedSequences;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.Recoveries;
import org.tiedbert.checkpoint.Recovery;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.Standing;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.corpus.ShardReader;

/**
 * What a run does about a {@link Divergence}: back to a checkpoint from before it, and on without
 * the batches that led there, as was done by hand for PaLM (Chowdhery et al. 2022, section 5.1).
 *
 * <p>It goes back to the newest checkpoint that was planned; where it went there the last time, to
 * the one before. A checkpoint that was taken since it was told to stop is passed over, so that a
 * run that is stopped and continued goes where the one that never stopped goes.
 */
final class Rewinding {
  private final PreTrainingConfig config;
  private final RunDirectory directory;
  private final CheckpointStore checkpoints;
  private final Progress progress;
  private Recoveries recoveries;

  Rewinding(
      PreTrainingConfig config,
      RunDirectory directory,
      CheckpointStore checkpoints,
      Progress progress) {
    this.config = config;
    this.directory = directory;
    this.checkpoints = checkpoints;
    this.progress = progress;
    this.recoveries = Recoveries.read(directory);
  }

  /** Where the run stands, after removing the checkpoints that it left behind. */
  Standing standing() {
    for (Checkpoint checkpoint : checkpoints.all()) {
      if (state(checkpoint).filter(recoveries::leftBehind).isPresent()) {
        checkpoints.remove(checkpoint);
      }
    }
    return new Standing(newest().map(Checkpoint::state), recoveries);
  }

  /** The newest intact checkpoint. */
  Optional<Checkpoint> newest() {
    return checkpoints.latest(damaged -> progress.note(damaged.getMessage()));
  }

  /** The recoveries that went back to just where the run stands. */
  List<Recovery> to(long step) {
    return recoveries.recoveries().stream().filter(recovery -> recovery.from() == step).toList();
  }

  /** The records that a recovery leaves out. */
  List<Long> records(Recovery recovery, ShardReader shards) {
    GlobalShuffle shuffle = new GlobalShuffle(shards.numSequences(), config.seed());
    return LongStream.range(recovery.firstSequence(), recovery.endSequence())
        .map(shuffle::recordAt)
        .boxed()
        .toList();
  }

  /** Empty if it cannot be read, which whoever opens the checkpoint says. */
  private static Optional<TrainingState> state(Checkpoint checkpoint) {
    try {
      return Optional.of(checkpoint.state());
    } catch (CheckpointException e) {
      return Optional.empty();
    }
  }

  /**
   * Goes back: {@link #standing} is where the run is to continue.
   *
   * @param behind the place behind the batch of the divergence
   */
  void goBack(Divergence divergence, BatchCursor behind) {
    Optional<TrainingState> target = target();
    long from = target.map(TrainingState::step).orElse(0L);
    Recovery recovery =
        new Recovery(
            divergence.step(),
            divergence.reason(),
            from,
            firstSkipped(target.map(TrainingState::nextSequence).orElse(0L), behind),
            behind.nextSequence());
    recoveries = recoveries.plus(recovery, directory);
    progress.note(
        "%s; back to step %d, without the %d sequences up to there (recovery %d of at most %d)"
            .formatted(
                divergence.reason(),
                from,
                recovery.endSequence() - recovery.firstSequence(),
                recoveries.size(),
                config.divergence().maxRecoveries()));
  }

  private Optional<TrainingState> target() {
    List<TrainingState> intact = new ArrayList<>();
    for (Checkpoint checkpoint : checkpoints.all()) {
      try {
        checkpoint.verify();
        intact.add(checkpoint.state());
      } catch (CheckpointException e) {
        progress.note(e.getMessage());
      }
    }
    List<TrainingState> planned = intact.stream().filter(this::isPlanned).toList();
    List<TrainingState> targets = planned.isEmpty() ? intact : planned;
    if (targets.isEmpty()) {
      return Optional.empty();
    }
    int last = targets.size() - 1;
    boolean again = !to(targets.get(last).step()).isEmpty();
    return Optional.of(targets.get(again ? Math.max(0, last - 1) : last));
  }

  private boolean isPlanned(TrainingState state) {
    return state.endsStage() || state.step() % config.checkpoint().everySteps() == 0;
  }

  /** Where the first of the last few batches up to the divergence's begins. */
  private long firstSkipped(long nextSequence, BatchCursor behind) {
    SkippedSequences before = recoveries.skipped();
    List<Long> starts = new ArrayList<>();
    BatchCursor start = before.next(new BatchCursor(nextSequence));
    while (start.nextSequence() < behind.nextSequence()) {
      starts.add(start.nextSequence());
      start = before.next(start.plus(config.data().batchSize()));
    }
    return starts.get(Math.max(0, starts.size() - config.divergence().skipBatches()));
  }
}
