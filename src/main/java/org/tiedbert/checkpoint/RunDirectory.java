package org.tiedbert.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.tiedbert.text.Vocabulary;

/**
 * The directory of one run, RUN. It is known by its lock file {@code tiedbert.lock}; a directory
 * with anything in it and without that file is somebody else's.
 *
 * @param path RUN
 */
public record RunDirectory(Path path) {
  private static final String LOCK = "tiedbert.lock";

  /**
   * Makes the directory, or takes the one of an earlier run; writes nothing into either.
   *
   * @throws CheckpointException if the directory holds something and is not a run's
   */
  public static RunDirectory createOrContinue(Path path) {
    try {
      Files.createDirectories(path);
      if (!isAt(path) && !isEmpty(path)) {
        throw new CheckpointException(
            "%s is not empty and is not a run directory (it holds no %s); ".formatted(path, LOCK)
                + "nothing in it was changed, choose another --output");
      }
    } catch (IOException e) {
      throw new CheckpointException("run directory %s cannot be made: %s".formatted(path, e), e);
    }
    return new RunDirectory(path);
  }

  /** Whether there is a run's directory at {@code path}. */
  public static boolean isAt(Path path) {
    return Files.isRegularFile(path.resolve(LOCK));
  }

  /**
   * Makes this process the only writer of the run, until the lock is closed.
   *
   * @throws CheckpointException if another process, or another part of this one, is its writer
   */
  public RunLock lock() {
    return RunLock.acquire(path.resolve(LOCK));
  }

  /** Whether a process writes the run at this moment. */
  public boolean isBeingWritten() {
    return RunLock.isHeld(path.resolve(LOCK));
  }

  public Path config() {
    return path.resolve("config.yaml");
  }

  public Path vocabulary() {
    return path.resolve(Vocabulary.FILE_NAME);
  }

  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** Where it ran: a {@link RunStart} a line. */
  public Path environment() {
    return path.resolve("environment.jsonl");
  }

  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  public Path report() {
    return path.resolve("report");
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }
}
