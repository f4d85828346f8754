package org.tiedbert.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

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
    write(directory.resolve(CheckpointManifest.FILE_NAME), Json.bytes(manifest));
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    if (Files.size(file) != bytes.length) {
      throw new IOException(
          "%s must have %d bytes, %d were written".formatted(file, bytes.length, Files.size(file)));
    }
  }

  /** The index lists exactly the expected tensors, and the data files are long enough for them. */
  private static void requireHolds(Path prefix, Set<String> expected) throws IOException {
    try (TensorBundle bundle = TensorBundle.open(prefix)) {
      if (!bundle.names().equals(expected)) {
        throw new IOException(
            "the bundle lacks %s and has %s, which were not expected"
                .formatted(
                    difference(expected, bundle.names()), difference(bundle.names(), expected)));
      }
      long written = dataBytes(prefix);
      if (written < bundle.numBytes()) {
        throw new IOException(
            "the bundle's tensors take %d bytes, its data files have %d"
                .formatted(bundle.numBytes(), written));
      }
    }
  }

  private static Set<String> difference(Set<String> of, Set<String> without) {
    Set<String> difference = new TreeSet<>(of);
    difference.removeAll(without);
    return difference;
  }

  private static long dataBytes(Path prefix) throws IOException {
    String start = prefix.getFileName() + ".data-";
    try (Stream<Path> paths = Files.list(prefix.getParent())) {
      long sum = 0;
      for (Path path : paths.toList()) {
        sum += path.getFileName().toString().startsWith(start) ? Files.size(path) : 0;
      }
      return sum;
    }
  }
}
