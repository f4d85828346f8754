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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tiedbert.text.WholeFile;

/**
 * Makes and removes directories that are there whole or not at all. Of a process, one writer per
 * target.
 */
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
   * then renamed. After any failure {@code target} does not exist. Of several processes that make
   * the same one, the first to be done makes it. What killed ones left is deleted.
   *
   * @throws FileAlreadyExistsException if there is something at {@code target} already
   */
  public static void write(Path target, Filler filler) throws IOException {
    requireAbsent(target);
    Path parent = target.toAbsolutePath().getParent();
    WholeFile.makeFolder(parent);
    deletePartial(target, parent);
    Path partial = hidden(target, ".%d%s".formatted(ProcessHandle.current().pid(), PARTIAL));
    Files.createDirectory(partial);
    try {
      filler.fill(partial);
      forceTree(partial);
      requireAbsent(target); // some systems replace an empty directory
      rename(partial, target);
    } finally {
      deleteQuietly(partial);
    }
    force(parent);
  }

  /** A target that has come just now is told as one, not as what renaming says of it. */
  private static void rename(Path partial, Path target) throws IOException {
    try {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      requireAbsent(target);
      throw e;
    }
  }

  /** A link that leads nowhere is something too. */
  private static void requireAbsent(Path target) throws FileAlreadyExistsException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
  }

  /** Deletes what processes of this machine that are no more left half written of the target. */
  private static void deletePartial(Path target, Path parent) throws IOException {
    Pattern name =
        Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + "(\\d{1,18})\\.partial");
    for (String found : namesIn(parent)) {
      Matcher matcher = name.matcher(found);
      if (matcher.matches() && !isOfAnother(Long.parseLong(matcher.group(1)))) {
        deleteTree(parent.resolve(found));
      }
    }
  }

  private static boolean isOfAnother(long process) {
    return process != ProcessHandle.current().pid()
        && ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
  }

  private static List<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    }
  }

  /** Removes a directory: never seen with a part of its contents under its own name. */
  public static void remove(Path target) throws IOException {
    Path removed = hidden(target, REMOVED);
    deleteTree(removed);
    Files.move(target, removed, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(removed);
  }

  /** Deletes what a killed process left half written or half removed in {@code parent}. */
  public static void deleteLeftovers(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    for (String name : namesIn(parent)) {
      if (isLeftover(name)) {
        deleteTree(parent.resolve(name));
      }
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
