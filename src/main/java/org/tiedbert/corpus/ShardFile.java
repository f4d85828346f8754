package org.tiedbert.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import org.tiedbert.text.FileProblem;

/**
 * One open shard. Records are read by seek and read rather than through a memory map: pages of a
 * map count as resident memory until all of a corpus does, a file cut short under a map is a fault
 * and not an exception, and Java cannot close a map. Thread-safe.
 */
final class ShardFile implements AutoCloseable {
  private static final int DIGEST_BYTES_AT_ONCE = 1 << 20;

  private final Path path;
  private final ShardManifest.Shard shard;
  private final RecordFormat format;
  private final RandomAccessFile file;

  ShardFile(Path directory, ShardManifest.Shard shard, RecordFormat format) {
    this.path = directory.resolve(shard.file());
    this.shard = shard;
    this.format = format;
    if (!Files.isRegularFile(path)) {
      throw new CorpusException("shard %s is missing; the manifest lists it".formatted(path));
    }
    try {
      requireLength(Files.size(path));
      file = new RandomAccessFile(path.toFile(), "r");
    } catch (IOException e) {
      throw unreadable(0, e);
    }
  }

  private void requireLength(long found) {
    if (found != shard.bytes()) {
      throw new CorpusException(
          "shard %s has %d bytes, the manifest says %d: it was cut short or changed at byte %d"
              .formatted(path, found, shard.bytes(), Math.min(found, shard.bytes())));
    }
  }

  Path path() {
    return path;
  }

  long bytes() {
    return shard.bytes();
  }

  /** The bytes of record {@code index}, unchecked. */
  byte[] read(long index) {
    byte[] record = new byte[format.recordBytes()];
    readFully(offset(index), record, record.length);
    return record;
  }

  /** Where record {@code index} begins. */
  long offset(long index) {
    return index * format.recordBytes();
  }

  /** Reads the whole shard and compares its digest; {@code stopped} is asked now and then. */
  void verify(BooleanSupplier stopped) {
    MessageDigest digest = Sha256.newDigest();
    byte[] bytes = new byte[DIGEST_BYTES_AT_ONCE];
    for (long at = 0; at < shard.bytes() && !stopped.getAsBoolean(); at += bytes.length) {
      int length = (int) Math.min(bytes.length, shard.bytes() - at);
      readFully(at, bytes, length);
      digest.update(bytes, 0, length);
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!stopped.getAsBoolean() && !found.equals(shard.sha256())) {
      for (long i = 0; i < shard.numSequences(); i++) {
        format.check(read(i), path, offset(i)); // names the damaged record, if one is
      }
      throw new CorpusException(
          ("shard %s is not the one the manifest lists, from byte 0 on: its SHA-256 is %s, expected"
                  + " %s, though each record's CRC is right; it comes from another preparation")
              .formatted(path, found, shard.sha256()));
    }
  }

  private void readFully(long at, byte[] target, int length) {
    try {
      synchronized (file) {
        file.seek(at);
        file.readFully(target, 0, length);
      }
    } catch (EOFException e) {
      throw new CorpusException(
          "shard %s was cut short while it was read: no %d bytes at byte %d"
              .formatted(path, length, at),
          e);
    } catch (IOException e) {
      throw unreadable(at, e);
    }
  }

  private CorpusException unreadable(long at, IOException cause) {
    return new CorpusException(
        "shard %s cannot be read at byte %d: %s".formatted(path, at, cause), cause);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new CorpusException(
          "shard %s cannot be closed: %s".formatted(path, FileProblem.of(e)), e);
    }
  }
}
