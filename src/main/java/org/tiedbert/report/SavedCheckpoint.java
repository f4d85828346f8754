package org.tiedbert.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.TrainingState;

/**
 * A checkpoint of the run, listed but not verified.
 *
 * @param name of its directory
 * @param state empty where it cannot be read
 * @param bytes of all its files
 */
record SavedCheckpoint(String name, Optional<TrainingState> state, long bytes) {

  /** The oldest first. A running run may remove one while it is read; that one is left out. */
  static List<SavedCheckpoint> of(RunDirectory run, List<String> notes) {
    List<SavedCheckpoint> all = new ArrayList<>();
    try {
      CheckpointStore store = new CheckpointStore(run.checkpoints(), CheckpointStore.KEEP_ALL);
      for (Checkpoint checkpoint : store.all()) {
        String name = checkpoint.path().getFileName().toString();
        Optional<TrainingState> state = state(checkpoint, notes);
        if (Files.isDirectory(checkpoint.path())) {
          all.add(new SavedCheckpoint(name, state, bytes(checkpoint.path())));
        }
      }
    } catch (CheckpointException e) {
      notes.add(e.getMessage());
    }
    return all;
  }

  private static Optional<TrainingState> state(Checkpoint checkpoint, List<String> notes) {
    try {
      return Optional.of(checkpoint.state());
    } catch (CheckpointException e) {
      if (Files.isDirectory(checkpoint.path())) {
        notes.add("Checkpoint %s: %s".formatted(checkpoint.path().getFileName(), e.getMessage()));
      }
      return Optional.empty();
    }
  }

  private static long bytes(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      long sum = 0;
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
      return sum;
    } catch (IOException | UncheckedIOException e) {
      return 0; // removed meanwhile
    }
  }

  /** Whether it is the last one of its stage, and so kept. */
  boolean endsStage() {
    return state
        .map(at -> at.step() == at.stageLastSteps().get(at.stage()) && at.step() > 0)
        .orElse(false);
  }
}
