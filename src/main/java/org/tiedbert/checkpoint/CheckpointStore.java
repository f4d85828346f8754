package org.tiedbert.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.tensorflow.exceptions.TensorFlowException;
import org.tiedbert.text.FileProblem;

/**
 * The checkpoints of one run. Reading changes nothing on the disk, so a run that is being written
 * can be read; saving is for the one process that holds the run's {@link RunLock}.
 */
public final class CheckpointStore {
  /** A {@code keepLast} that removes no checkpoint. */
  public static final int KEEP_ALL = 0;

  private final Path directory;
  private final int keepLast;
  private boolean swept;

  /**
   * @param directory RUN/checkpoints; made when the first checkpoint is saved
   * @param keepLast how many of the newest checkpoints stay, or {@link #KEEP_ALL}
   */
  public CheckpointStore(Path directory, int keepLast) {
    if (keepLast < 0) {
      throw new IllegalArgumentException(
          "keepLast must be a number of checkpoints or 0 for all, got " + keepLast);
    }
    this.directory = directory;
    this.keepLast = keepLast;
  }

  /**
   * Writes the checkpoint of {@code state.step()}, then removes the oldest beyond {@code keepLast}.
   * An intact checkpoint of the same step is left as it is (a run is deterministic, so it holds the
   * same) and only marked where {@code keepForever} asks for it; a damaged one is replaced.
   *
   * @param files further files by name, such as {@code bert_config.json}
   * @param keepForever whether this one stays however old it gets
   * @return the directory of the checkpoint
   * @throws CheckpointException if it cannot be written or does not hold what it must; the
   *     checkpoints written before are untouched then, and no part of this one stays
   */
  public Path save(
      TrainingState state, BundleWriter bundle, Map<String, byte[]> files, boolean keepForever) {
    CheckpointContents contents =
        new CheckpointContents(Optional.of(state), bundle, files, keepForever);
    Path target = Checkpoint.pathOf(directory, state.step());
    try {
      deleteLeftoversOnce();
      if (!keepExisting(target, keepForever)) {
        WholeDirectory.write(target, contents::writeTo);
      }
    } catch (IOException | UncheckedIOException | TensorFlowException | CheckpointException e) {
      throw new CheckpointException(failure(target, e), e);
    }
    removeOld(state.step());
    return target;
  }

  /**
   * The newest intact checkpoint, or none if there are no checkpoints.
   *
   * @param damaged told of each newer one that is passed over
   * @throws CheckpointException if there are checkpoints and none is intact
   */
  public Optional<Checkpoint> latest(Consumer<CheckpointException> damaged) {
    List<Checkpoint> all = all();
    List<String> problems = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0; i--) {
      try {
        all.get(i).verify();
        return Optional.of(all.get(i));
      } catch (CheckpointException e) {
        damaged.accept(e);
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new CheckpointException(
          "no checkpoint in %s is intact; remove them to begin again from step 0, or bring back a copy: %s%s"
              .formatted(
                  directory,
                  problems.get(0),
                  all.size() == 1 ? "" : "; older ones damaged too: %d".formatted(all.size() - 1)));
    }
    return Optional.empty();
  }

  /** All checkpoints from the oldest to the newest, not verified. */
  public List<Checkpoint> all() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(directory)) {
      return paths
          .map(Checkpoint::named)
          .flatMap(Optional::stream)
          .sorted(Comparator.comparingLong(Checkpoint::step))
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new CheckpointException(
          "%s cannot be listed: %s".formatted(directory, FileProblem.of(e)), e);
    }
  }

  /**
   * Removes one checkpoint, kept forever or not.
   *
   * @throws CheckpointException if it cannot be removed
   */
  public void remove(Checkpoint checkpoint) {
    try {
      WholeDirectory.remove(checkpoint.path());
    } catch (IOException | UncheckedIOException e) {
      throw new CheckpointException(
          "checkpoint %s cannot be removed: %s".formatted(checkpoint, FileProblem.of(e)), e);
    }
  }

  /**
   * Removes all checkpoints, those kept forever too, and the directory.
   *
   * @throws CheckpointException if one cannot be removed
   */
  public void removeAll() {
    try {
      for (Checkpoint checkpoint : all()) {
        WholeDirectory.remove(checkpoint.path());
      }
      WholeDirectory.deleteLeftovers(directory);
      Files.deleteIfExists(directory);
    } catch (IOException | UncheckedIOException e) {
      throw new CheckpointException(
          "%s cannot be removed: %s".formatted(directory, FileProblem.of(e)), e);
    }
  }

  /** Not when the store is made, since a reader must leave alone what a writer has begun. */
  private void deleteLeftoversOnce() throws IOException {
    if (!swept) {
      WholeDirectory.deleteLeftovers(directory);
      swept = true;
    }
  }

  private static boolean keepExisting(Path target, boolean keepForever) throws IOException {
    if (!Files.exists(target)) {
      return false;
    }
    CheckpointManifest manifest;
    try {
      manifest = Checkpoint.open(target).manifest();
    } catch (CheckpointException e) {
      WholeDirectory.remove(target);
      return false;
    }
    if (keepForever && !manifest.keepForever()) {
      manifest.keepForever(target);
    }
    return true;
  }

  /** A newer checkpoint than the one just saved is one that was found damaged; it stays. */
  private void removeOld(long newestStep) {
    List<Checkpoint> saved = all().stream().filter(c -> c.step() <= newestStep).toList();
    int numOld = keepLast == KEEP_ALL ? 0 : Math.max(0, saved.size() - keepLast);
    for (Checkpoint old : saved.subList(0, numOld)) {
      try {
        if (!isKeptForever(old)) {
          WholeDirectory.remove(old.path());
        }
      } catch (IOException | UncheckedIOException e) {
        throw new CheckpointException(
            "checkpoint %s is older than the last %d and cannot be removed: %s"
                .formatted(old, keepLast, FileProblem.of(e)),
            e);
      }
    }
  }

  private static boolean isKeptForever(Checkpoint checkpoint) {
    try {
      return checkpoint.manifest().keepForever();
    } catch (CheckpointException e) {
      return false; // damaged, so of no use to anybody
    }
  }

  private String failure(Path target, Exception cause) {
    StringBuilder message = new StringBuilder();
    message.append("checkpoint %s could not be written: %s".formatted(target, reason(cause)));
    try {
      long free = Files.getFileStore(directory.toAbsolutePath().getParent()).getUsableSpace();
      message.append("; %,d bytes are free there".formatted(free));
      List<Checkpoint> before = all();
      if (!before.isEmpty()) {
        Checkpoint last = before.get(before.size() - 1);
        message.append(", step-%d takes %,d".formatted(last.step(), last.manifest().totalSize()));
        message.append("; the checkpoints before this one are untouched");
      }
    } catch (IOException | CheckpointException e) {
      cause.addSuppressed(e); // the message says less
    }
    return message.append("; make room or mend the disk, then run the same command").toString();
  }

  /** What to tell of a failure to write: a native one has its stack in the further lines. */
  static String reason(Exception cause) {
    if (cause instanceof TensorFlowException) {
      return cause.getMessage().lines().findFirst().orElse("");
    }
    return cause instanceof CheckpointException ? cause.getMessage() : FileProblem.of(cause);
  }
}
