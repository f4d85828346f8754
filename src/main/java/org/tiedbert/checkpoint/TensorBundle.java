package org.tiedbert.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.zip.CRC32C;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tiedbert.corpus.TfRecord;
import org.tiedbert.text.FileProblem;

/**
 * Reads the tensors of a TensorFlow V2 checkpoint, ours or another program's, without a graph.
 *
 * <p>In Java, since TensorFlow's own reader ends the process over an index that lies. CRCs are
 * checked: the index's when it is opened, a tensor's when it is read. Not for several threads at
 * once; close it.
 */
public final class TensorBundle implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  /** What a Java array can have. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  private final Path prefix;
  private final BundleIndex index;
  private boolean closed;

  private TensorBundle(Path prefix, BundleIndex index) {
    this.prefix = prefix;
    this.index = index;
  }

  /**
   * Opens the checkpoint whose files are {@code PREFIX.index} and {@code PREFIX.data-*}.
   *
   * @throws CheckpointException if there is none, its index is damaged, or its data files are not
   *     as long as the index needs them to be
   */
  public static TensorBundle open(Path prefix) {
    BundleIndex index = BundleIndex.read(prefix);
    index.requireDataFiles();
    return new TensorBundle(prefix, index);
  }

  /** The names of the tensors, in order; a view. */
  public NavigableSet<String> names() {
    return Collections.unmodifiableNavigableSet(index.entries().navigableKeySet());
  }

  /** The shape of a tensor; throws {@link CheckpointException} if there is none of the name. */
  public Shape shape(String name) {
    return require(name).shape();
  }

  /**
   * The element type of a tensor; throws {@link CheckpointException} if there is none of the name.
   */
  public DataType dataType(String name) {
    return require(name).type();
  }

  /**
   * The values of a float32 tensor, row by row.
   *
   * @throws CheckpointException if there is no such tensor, it has another type, or its data is
   *     damaged
   */
  public float[] floats(String name) {
    float[] values = new float[length(name)];
    read(name, values);
    return values;
  }

  @Override
  public void close() {
    closed = true;
  }

  private void read(String name, float[] values) {
    BundleIndex.Entry entry = require(name);
    Path file = index.dataFile(entry);
    CRC32C crc = new CRC32C();
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (long at = 0; at < entry.size(); at += buffer.limit()) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, entry.size() - at));
        readFully(channel, entry.offset() + at, buffer);
        crc.update(buffer.flip());
        buffer
            .flip()
            .asFloatBuffer()
            .get(values, (int) (at / Float.BYTES), buffer.limit() / Float.BYTES);
      }
    } catch (IOException e) {
      throw damaged(name, "%s: %s".formatted(file, FileProblem.of(e)), e);
    }
    if (TfRecord.mask(crc) != entry.crc()) {
      throw damaged(name, "its CRC in %s is not right".formatted(file), null);
    }
  }

  private static void readFully(FileChannel channel, long offset, ByteBuffer buffer)
      throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("it ends at byte %d".formatted(offset + buffer.position()));
      }
    }
  }

  private int length(String name) {
    if (closed) {
      throw new IllegalStateException("the reader of %s is closed".formatted(prefix));
    }
    BundleIndex.Entry entry = require(name);
    if (entry.type() != DataType.DT_FLOAT) {
      throw new CheckpointException(
          "checkpoint %s must hold %s as %s, it is %s"
              .formatted(prefix, name, DataType.DT_FLOAT, entry.type()));
    }
    long size = entry.shape().size();
    if (entry.sliced() || size > MAX_LENGTH) {
      throw new CheckpointException(
          "checkpoint %s must hold %s in one piece of at most %d values; it is %s%s"
              .formatted(
                  prefix, name, MAX_LENGTH, entry.shape(), entry.sliced() ? ", in slices" : ""));
    }
    return (int) size;
  }

  private BundleIndex.Entry require(String name) {
    BundleIndex.Entry entry = index.entries().get(name);
    if (entry == null) {
      throw new CheckpointException(
          "checkpoint %s holds no tensor %s; it holds %d others, such as %s"
              .formatted(prefix, name, names().size(), names().first()));
    }
    return entry;
  }

  private CheckpointException damaged(String name, String how, Throwable cause) {
    return new CheckpointException(
        "checkpoint %s is damaged: %s cannot be read: %s".formatted(prefix, name, how), cause);
  }
}
