package org.tiedbert.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes and removes directories that are there whole or not at all. One writer per target. */
public final class WholeDirectory {
  private static final String PARTIAL = ".partial";
  private static final String REMOVED = ".removed";

  private WholeDirectory() {}

  /** Puts the contents into a directory. */
  @FunctionalInterface
  public interface Filler {
    void fill(Path directory) throws IOException;
  }

  /**
   * Makes the directory {@code target}: filled under a hidden name beside it, forced to the disk,
   * then renamed. After any failure {@code target} does not exist.
   *
   * @throws FileAlreadyExistsException if there is something at {@code target} already
   */
  public static void write(Path target, Filler filler) throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path partial = hidden(target, PARTIAL);
    deleteTree(partial);
    Files.createDirectory(partial);
    try {
      filler.fill(partial);
      forceTree(partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteQuietly(partial);
    }
    force(parent);
  }

  /** Removes a directory: never seen with a part of its contents under its own name. */
  static void remove(Path target) throws IOException {
    Path removed = hidden(target, REMOVED);
    deleteTree(removed);
    Files.move(target, removed, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(removed);
  }

  /** Deletes what a killed process left half written or half removed in {@code parent}. */
  static void deleteLeftovers(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    List<Path> leftovers;
    try (Stream<Path> paths = Files.list(parent)) {
      leftovers = paths.filter(path -> isLeftover(path.getFileName().toString())).toList();
    }
    for (Path leftover : leftovers) {
      deleteTree(leftover);
    }
  }

  private static boolean isLeftover(String name) {
    return name.startsWith(".") && (name.endsWith(PARTIAL) || name.endsWith(REMOVED));
  }

  private static Path hidden(Path target, String suffix) {
    return target.resolveSibling("." + target.getFileName() + suffix);
  }

  /** Forces every file and directory under {@code root} to the disk. */
  private static void forceTree(Path root) throws IOException {
    for (Path path : contentsFirst(root)) {
      force(path);
    }
  }

  static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      for (Path path : contentsFirst(root)) {
        Files.delete(path);
      }
    }
  }

  /** The failure that matters is already on its way; what stays is deleted by the next writer. */
  private static void deleteQuietly(Path root) {
    try {
      deleteTree(root);
    } catch (IOException | UncheckedIOException e) {
      return;
    }
  }

  private static List<Path> contentsFirst(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
