package org.tiedbert.text;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that are there whole or, if writing fails, as they were before. */
public final class WholeFile {
  private WholeFile() {}

  /** Writes under a hidden name beside {@code file}, forces to the disk, then renames. */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path target = file.toAbsolutePath();
    long process = ProcessHandle.current().pid();
    Path partial = target.resolveSibling(".%s.%d.partial".formatted(target.getFileName(), process));
    try {
      try (FileChannel channel = FileChannel.open(partial, CREATE, TRUNCATE_EXISTING, WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      discard(partial, e);
      throw e;
    }
  }

  /**
   * Makes a folder, and those above it, where they do not exist.
   *
   * @throws NotDirectoryException naming the file that is in the way, if one is
   */
  public static void makeFolder(Path folder) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      NotDirectoryException thrown = new NotDirectoryException(e.getFile());
      thrown.initCause(e);
      throw thrown;
    }
  }

  private static void discard(Path partial, IOException cause) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
