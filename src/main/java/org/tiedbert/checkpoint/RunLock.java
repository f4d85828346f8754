package org.tiedbert.checkpoint;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.tiedbert.text.FileProblem;

/**
 * The right to write a run directory: an exclusive lock of its lock file. The operating system
 * drops it when the process ends, however it ends; the file stays, and says who held it last.
 */
public final class RunLock implements AutoCloseable {
  /**
   * The lock files held in this process. They must not be opened here a second time: closing any
   * channel to a file drops all the locks that the process has on it.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static RunLock acquire(Path path) {
    synchronized (HELD) {
      try {
        Path file = path.toAbsolutePath().getParent().toRealPath().resolve(path.getFileName());
        if (HELD.contains(file)) {
          throw refusal(file, "this process, pid " + ProcessHandle.current().pid());
        }
        RunLock lock = new RunLock(file, lockedChannel(file));
        HELD.add(file);
        return lock;
      } catch (IOException e) {
        throw new CheckpointException(
            "%s cannot be locked: %s".formatted(path, FileProblem.of(e)), e);
      }
    }
  }

  /** Whether a process holds the lock now; changes nothing. */
  static boolean isHeld(Path path) {
    synchronized (HELD) {
      if (!Files.exists(path)) {
        return false;
      }
      try {
        if (HELD.contains(path.toRealPath())) {
          return true;
        }
        try (FileChannel channel = FileChannel.open(path, READ);
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
          return lock == null;
        }
      } catch (IOException e) {
        return false; // a file system without locks, where nobody holds one
      }
    }
  }

  private static FileChannel lockedChannel(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, CREATE, WRITE);
    boolean locked = false;
    try {
      if (channel.tryLock() == null) {
        String holder = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        throw refusal(file, "another process, " + (holder.isEmpty() ? "pid unknown" : holder));
      }
      locked = true;
      sign(channel);
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static CheckpointException refusal(Path file, String holder) {
    return new CheckpointException(
        "%s is being written by %s; wait for it or stop it".formatted(file.getParent(), holder));
  }

  private static void sign(FileChannel channel) throws IOException {
    String text = "pid " + ProcessHandle.current().pid() + System.lineSeparator();
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    channel.force(true);
  }

  /** Lets others write the run. */
  @Override
  public void close() {
    synchronized (HELD) {
      if (!channel.isOpen()) {
        return;
      }
      try {
        channel.close();
      } catch (IOException e) {
        throw new CheckpointException(
            "%s cannot be unlocked: %s".formatted(file, FileProblem.of(e)), e);
      } finally {
        HELD.remove(file);
      }
    }
  }
}
