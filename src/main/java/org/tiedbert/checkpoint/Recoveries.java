package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.batch.SkippedSequences;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.WholeFile;

/**
 * The times that a run went back, in their order; the contents of {@code recoveries.json}, which a
 * run has once it needs it. It is written before anything is undone, so that a run that is killed
 * meanwhile knows which checkpoints are not its own any more.
 */
public record Recoveries(@JsonProperty(required = true) List<Recovery> recoveries) {
  private static final Recoveries NONE = new Recoveries(List.of());

  public Recoveries {
    recoveries = List.copyOf(recoveries);
  }

  /**
   * Those of a run.
   *
   * @throws CheckpointException if the file is there and damaged
   */
  public static Recoveries read(RunDirectory run) {
    Path file = run.recoveries();
    return Files.exists(file) ? Json.read(file, Recoveries.class) : NONE;
  }

  /**
   * Those and one more, on the disk when this returns.
   *
   * @throws CheckpointException if they cannot be written
   */
  public Recoveries plus(Recovery recovery, RunDirectory run) {
    List<Recovery> all = new ArrayList<>(recoveries);
    all.add(recovery);
    Recoveries more = new Recoveries(all);
    try {
      WholeFile.write(run.recoveries(), Json.bytes(more));
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be written: %s".formatted(run.recoveries(), FileProblem.of(e)), e);
    }
    return more;
  }

  /** Batches at these places are left out. */
  public SkippedSequences skipped() {
    return new SkippedSequences(
        recoveries.stream()
            .map(recovery -> Range.closedOpen(recovery.firstSequence(), recovery.endSequence()))
            .toList());
  }

  public int size() {
    return recoveries.size();
  }

  /**
   * Whether a checkpoint was left behind: the run went back to before it, after it was taken.
   *
   * @throws CheckpointException if it knows of more recoveries than there are here
   */
  public boolean leftBehind(TrainingState state) {
    if (state.recoveries() > recoveries.size()) {
      throw new CheckpointException(
          "the checkpoint of step %d knows of %d recoveries, the run's recoveries.json of %d; bring"
                  .formatted(state.step(), state.recoveries(), recoveries.size())
              + " that file back");
    }
    return recoveries.subList(state.recoveries(), recoveries.size()).stream()
        .anyMatch(recovery -> recovery.from() < state.step());
  }
}
