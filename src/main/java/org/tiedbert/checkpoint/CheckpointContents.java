package org.tiedbert.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that goes into one checkpoint or model directory, and the check that it got there.
 *
 * @param state where the run stood; empty for a model that comes from no run
 */
record CheckpointContents(
    Optional<TrainingState> state,
    BundleWriter bundle,
    Map<String, byte[]> files,
    boolean keepForever) {

  CheckpointContents {
    files = Map.copyOf(files);
    for (String name : files.keySet()) {
      if (!name.equals(Path.of(name).getFileName().toString())
          || name.startsWith(Checkpoint.PREFIX)
          || name.equals(Checkpoint.STATE)
          || name.equals(CheckpointManifest.FILE_NAME)) {
        throw new IllegalArgumentException(
            "a further file of a checkpoint needs a plain name of its own, got '%s'"
                .formatted(name));
      }
    }
  }

  /** Writes all of it; the manifest last. */
  void writeTo(Path directory) throws IOException {
    Path prefix = directory.resolve(Checkpoint.PREFIX);
    requireHolds(prefix, bundle.write(prefix));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      write(directory.resolve(file.getKey()), file.getValue());
    }
    if (state.isPresent()) {
      write(directory.resolve(Checkpoint.STATE), Json.bytes(state.get()));
    }
    CheckpointManifest manifest = CheckpointManifest.of(directory, keepForever);
    write(directory.resolve(CheckpointManifest.FILE_NAME), manifest.bytes());
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    if (Files.size(file) != bytes.length) {
      throw new IOException(
          "%s must have %d bytes, %d were written".formatted(file, bytes.length, Files.size(file)));
    }
  }

  /** The index lists exactly the expected tensors; opening it looks at the data files. */
  private static void requireHolds(Path prefix, Set<String> expected) throws IOException {
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      if (!bundle.names().equals(expected)) {
        throw new IOException(
            "the bundle lacks %s and has %s, which were not expected"
                .formatted(
                    difference(expected, bundle.names()), difference(bundle.names(), expected)));
      }
    }
  }

  private static Set<String> difference(Set<String> of, Set<String> without) {
    Set<String> difference = new TreeSet<>(of);
    difference.removeAll(without);
    return difference;
  }
}
