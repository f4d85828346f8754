package org.tiedbert.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A checkpoint directory {@code step-N}; the package documentation lists its files. */
public final class Checkpoint {
  static final String PREFIX = "model.ckpt";
  static final String STATE = "state.json";
  private static final Pattern NAME = Pattern.compile("step-(0|[1-9][0-9]{0,17})");

  private final Path path;

  private Checkpoint(Path path) {
    this.path = path;
  }

  /**
   * Opens a checkpoint directory, of any name, after reading and verifying all of it.
   *
   * @throws CheckpointException if it is no checkpoint or is damaged
   */
  public static Checkpoint open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new CheckpointException("no checkpoint directory at %s".formatted(directory));
    }
    Checkpoint checkpoint = new Checkpoint(directory);
    checkpoint.verify();
    return checkpoint;
  }

  /** The checkpoint in a directory named {@code step-N}, not yet looked into. */
  static Optional<Checkpoint> named(Path directory) {
    return NAME.matcher(directory.getFileName().toString()).matches()
            && Files.isDirectory(directory)
        ? Optional.of(new Checkpoint(directory))
        : Optional.empty();
  }

  static Path pathOf(Path parent, long step) {
    return parent.resolve("step-" + step);
  }

  public Path path() {
    return path;
  }

  /** The prefix of the bundle that holds the variables, as a save or restore op takes it. */
  public Path prefix() {
    return path.resolve(PREFIX);
  }

  /** A file of the checkpoint, such as {@code vocab.txt}; it may be missing. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /**
   * Reads where the run stood.
   *
   * @throws CheckpointException if {@code state.json} is missing or damaged
   */
  public TrainingState state() {
    return Json.read(path.resolve(STATE), TrainingState.class);
  }

  /**
   * Reads the names of the stored variables.
   *
   * @throws CheckpointException if the bundle is missing or its index damaged
   */
  public SortedSet<String> tensorNames() {
    try (TensorBundle bundle = TensorBundle.open(prefix())) {
      return new TreeSet<>(bundle.names());
    }
  }

  /**
   * Reads every file and compares it with the manifest.
   *
   * @throws CheckpointException naming the file that is missing or damaged
   */
  public void verify() {
    manifest().requireIntact(path);
    state();
    tensorNames();
  }

  CheckpointManifest manifest() {
    return CheckpointManifest.read(path);
  }

  /** N of {@code step-N}; for a directory of that name only. */
  long step() {
    Matcher matcher = NAME.matcher(path.getFileName().toString());
    if (!matcher.matches()) {
      throw new IllegalStateException("%s is not named step-N".formatted(path));
    }
    return Long.parseLong(matcher.group(1));
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
