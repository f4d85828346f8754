package org.tiedbert.checkpoint;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.Vocabulary;
import org.tiedbert.text.WholeFile;

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
      WholeFile.makeFolder(path);
      if (!isAt(path) && !isEmpty(path)) {
        throw new CheckpointException(
            "%s is not empty and is not a run directory (it holds no %s); ".formatted(path, LOCK)
                + "nothing in it was changed, choose another --output");
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "run directory %s cannot be made: %s".formatted(path, FileProblem.of(e)), e);
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

  /**
   * Leaves the configuration and vocabulary in a new run; requires them in an old one.
   *
   * @param configYaml kept as {@code config.yaml}
   * @param source where the vocabulary comes from, for messages
   * @throws CheckpointException if the run was begun with others, or files cannot be read or
   *     written
   */
  public void settle(String configYaml, Vocabulary vocabulary, Path source) {
    try {
      if (!Files.exists(config())) {
        vocabulary.write(vocabulary());
        WholeFile.write(config(), configYaml.getBytes(StandardCharsets.UTF_8));
        return;
      }
      String stored = Files.readString(config(), StandardCharsets.UTF_8);
      if (!stored.equals(configYaml)) {
        throw new CheckpointException(
            ("%s was begun with another configuration; continue it with its own (%s), or choose"
                    + " another --output. Lines that differ:%n%s")
                .formatted(path, config(), differences(stored, configYaml)));
      }
      if (!Vocabulary.read(vocabulary()).digest().equals(vocabulary.digest())) {
        throw new CheckpointException(
            "%s was begun with the vocabulary in %s, that of %s is another one now"
                    .formatted(path, vocabulary(), source)
                + "; bring it back, or choose another --output");
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "the run's files in %s cannot be read or written: %s".formatted(path, FileProblem.of(e)),
          e);
    }
  }

  /** Lines of the one and not of the other text, behind a minus and a plus. */
  public static String differences(String stored, String now) {
    List<String> before = new ArrayList<>(Splitter.on('\n').splitToList(stored));
    List<String> after = new ArrayList<>(Splitter.on('\n').splitToList(now));
    List<String> lines = new ArrayList<>();
    before.stream().filter(line -> !after.contains(line)).forEach(line -> lines.add("  - " + line));
    after.stream().filter(line -> !before.contains(line)).forEach(line -> lines.add("  + " + line));
    return String.join("\n", lines);
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

  /** Of a run that diverged, where it went back to: {@link Recoveries}. */
  public Path recoveries() {
    return path.resolve("recoveries.json");
  }

  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** Of a fine-tuning run, the model of its best score: one checkpoint, without moments. */
  public Path best() {
    return path.resolve("best");
  }

  /** Of a fine-tuning run that has ended, what came of it. */
  public Path result() {
    return path.resolve("result.json");
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
