package org.tiedbert.interop;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;

/**
 * Reads a safetensors file: 8 bytes for the length of a JSON header, little-endian, the header, the
 * tensors. Everything the header says is checked against the file when it is opened; values are
 * read when they are asked for, so that memory holds the header and what is asked for.
 *
 * <p>Not for several threads at once; close it.
 */
final class Safetensors implements AutoCloseable {
  /** Twenty times the header of a BERT-large. */
  static final long MAX_HEADER_BYTES = 1L << 20;

  private static final int BUFFER_BYTES = 1 << 18;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final Map<String, SafetensorsHeader.Entry> entries;
  private final long dataStart;

  /**
   * @throws InteropException if it cannot be read or is no whole safetensors file
   */
  static Safetensors open(Path file) {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new InteropException("there is no file %s".formatted(file), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    try {
      return new Safetensors(file, channel);
    } catch (RuntimeException e) {
      try (channel) {
        throw e;
      } catch (IOException suppressed) {
        throw e;
      }
    }
  }

  private Safetensors(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    try {
      long size = channel.size();
      long headerBytes = headerBytes(size);
      this.dataStart = Long.BYTES + headerBytes;
      ByteBuffer header = ByteBuffer.allocate((int) headerBytes);
      fill(header, Long.BYTES);
      String json = JsonFile.text("the header of " + file, header.array());
      this.entries = SafetensorsHeader.parse(file.toString(), json, size - dataStart);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private long headerBytes(long size) throws IOException {
    if (size < Long.BYTES) {
      throw new InteropException(
          ("%s is no safetensors file: one starts with 8 bytes for the length of its header, this"
                  + " one has %d bytes")
              .formatted(file, size));
    }
    fill(buffer.clear().limit(Long.BYTES), 0);
    long length = buffer.getLong(0);
    if (length < 0 || length > Math.min(size - Long.BYTES, MAX_HEADER_BYTES)) {
      throw new InteropException(
          "%s is no whole safetensors file: the length of its header is %s bytes, at most %d are"
                  .formatted(file, Long.toUnsignedString(length), MAX_HEADER_BYTES)
              + " read and %d follow in the file".formatted(size - Long.BYTES));
    }
    return length;
  }

  Path file() {
    return file;
  }

  /** The names of the tensors, in order. */
  Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  Shape shape(String name) {
    return Shape.of(require(name).shape());
  }

  /** The number of elements of a tensor. */
  long numElements(String name) {
    return require(name).numElements();
  }

  /**
   * The values of a tensor as float32, row by row.
   *
   * @throws InteropException if they are no floating-point numbers of 16 bits or more, are too many
   *     for an array, or cannot be read
   */
  float[] floats(String name) {
    long count = numElements(name);
    if (count > Integer.MAX_VALUE - 8) {
      throw new InteropException(
          "%s: tensor %s has %d elements, at most 2³¹ can be read"
              .formatted(file, JsonFile.quoted(name), count));
    }
    return floats(name, 0, (int) count);
  }

  /** {@code count} values from element {@code from} on; throws as {@link #floats(String)} does. */
  float[] floats(String name, long from, int count) {
    SafetensorsHeader.Entry entry = require(name);
    if (!entry.type().isFloat()) {
      throw new InteropException(
          "%s: tensor %s must be F32, F16, BF16 or F64, it is %s"
              .formatted(file, JsonFile.quoted(name), entry.type()));
    }
    float[] values = new float[count];
    int numBytes = entry.type().numBytes();
    long position = dataStart + entry.begin() + from * numBytes;
    try {
      for (int done = 0; done < count; ) {
        int part = Math.min(count - done, BUFFER_BYTES / numBytes);
        fill(buffer.clear().limit(part * numBytes), position);
        entry.type().decode(buffer.flip(), values, done, part);
        done += part;
        position += (long) part * numBytes;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    return values;
  }

  private void fill(ByteBuffer into, long position) throws IOException {
    while (into.hasRemaining()) {
      int read = channel.read(into, position);
      if (read < 0) {
        throw new EOFException("it has become shorter since it was opened");
      }
      position += read;
    }
  }

  private SafetensorsHeader.Entry require(String name) {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("%s holds no tensor %s".formatted(file, name));
    }
    return entry;
  }

  private static InteropException unreadable(Path file, IOException cause) {
    return new InteropException(
        "%s cannot be read: %s"
            .formatted(file, cause instanceof EOFException ? cause.getMessage() : cause),
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
