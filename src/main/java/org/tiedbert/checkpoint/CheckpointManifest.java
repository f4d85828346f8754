package org.tiedbert.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.WholeFile;

/**
 * What a checkpoint directory must hold; the contents of {@code manifest.json}, which ends with the
 * digest of itself.
 *
 * @param formatVersion {@value #FORMAT_VERSION}
 * @param keepForever whether retention passes this checkpoint over
 * @param files every other file of the directory, by name
 */
public record CheckpointManifest(
    @JsonProperty(required = true) int formatVersion,
    @JsonProperty(required = true) boolean keepForever,
    @JsonProperty(required = true) List<Entry> files) {

  static final int FORMAT_VERSION = 1;
  static final String FILE_NAME = "manifest.json";
  private static final int BUFFER_BYTES = 1 << 20;

  /**
   * One file.
   *
   * @param name its name in the directory
   * @param size in bytes
   * @param sha256 of its bytes, in lower-case hexadecimal
   */
  public record Entry(
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) long size,
      @JsonProperty(required = true) String sha256) {
    private static final Pattern PLAIN = Pattern.compile("(?!\\.{1,2}$)[^/\\\\\\p{Cntrl}]+");

    public Entry {
      if (name == null || !PLAIN.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "a file must have the plain name of one in the directory, got '%s'"
                .formatted(name == null ? "" : name.replaceAll("\\p{Cntrl}", "?")));
      }
    }
  }

  public CheckpointManifest {
    if (files == null || files.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("files must be a list of files, got " + files);
    }
    files = List.copyOf(files);
  }

  /** Describes the files that the directory holds now. */
  static CheckpointManifest of(Path directory, boolean keepForever) throws IOException {
    List<Path> paths;
    try (Stream<Path> listed = Files.list(directory)) {
      paths = listed.sorted().toList();
    }
    List<Entry> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(new Entry(path.getFileName().toString(), Files.size(path), sha256(path)));
    }
    return new CheckpointManifest(FORMAT_VERSION, keepForever, files);
  }

  /**
   * Reads the manifest of a checkpoint directory.
   *
   * @throws CheckpointException if it is missing, damaged or of another format
   */
  static CheckpointManifest read(Path directory) {
    Path file = directory.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      throw new CheckpointException(
          "%s is not a checkpoint: it must hold %s".formatted(directory, FILE_NAME));
    }
    CheckpointManifest manifest = Json.readSealed(file, CheckpointManifest.class);
    if (manifest.formatVersion != FORMAT_VERSION) {
      throw new CheckpointException(
          "%s has format version %d, this program reads version %d"
              .formatted(file, manifest.formatVersion, FORMAT_VERSION));
    }
    return manifest;
  }

  /** The contents of its file. */
  byte[] bytes() {
    return Json.sealedBytes(this);
  }

  /** Marks a whole checkpoint as one to be kept forever. */
  void keepForever(Path directory) throws IOException {
    byte[] bytes = new CheckpointManifest(formatVersion, true, files).bytes();
    WholeFile.write(directory.resolve(FILE_NAME), bytes);
  }

  /** Sum of the sizes of the files, in bytes. */
  long totalSize() {
    return files.stream().mapToLong(Entry::size).sum();
  }

  /**
   * Reads every file and compares it with its entry.
   *
   * @throws CheckpointException for the first one that is missing or different
   */
  void requireIntact(Path directory) {
    for (Entry entry : files) {
      Path file = directory.resolve(entry.name);
      try {
        requireIntact(entry, file);
      } catch (NoSuchFileException e) {
        throw new CheckpointException(
            "checkpoint %s is damaged: %s is missing".formatted(directory, entry.name), e);
      } catch (IOException e) {
        throw new CheckpointException(
            "%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
      }
    }
  }

  /**
   * Checks that the manifest answers for every file of the directory that is read.
   *
   * @param isRead by name
   * @throws CheckpointException if it leaves one out, which may hold anything then
   */
  void requireListed(Path directory, Predicate<String> isRead) {
    Set<String> unlisted = new TreeSet<>();
    try (Stream<Path> paths = Files.list(directory)) {
      paths.map(path -> path.getFileName().toString()).filter(isRead).forEach(unlisted::add);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be listed: %s".formatted(directory, FileProblem.of(e)), e);
    }
    files.forEach(entry -> unlisted.remove(entry.name));
    if (!unlisted.isEmpty()) {
      throw new CheckpointException(
          "checkpoint %s is damaged: its %s must list %s, which it does not; copy it again"
              .formatted(directory, FILE_NAME, unlisted));
    }
  }

  private static void requireIntact(Entry entry, Path file) throws IOException {
    long size = Files.size(file);
    if (size != entry.size) {
      throw new CheckpointException(
          "checkpoint file %s is damaged: it must have %d bytes, it has %d"
              .formatted(file, entry.size, size));
    }
    String digest = sha256(file);
    if (!digest.equals(entry.sha256)) {
      throw new CheckpointException(
          "checkpoint file %s is damaged: its SHA-256 must be %s, it is %s"
              .formatted(file, entry.sha256, digest));
    }
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
