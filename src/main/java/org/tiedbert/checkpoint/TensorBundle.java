package org.tiedbert.checkpoint;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariable;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableDataType;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableNumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderGetVariableShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_CheckpointReaderSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DataTypeSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteCheckpointReader;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteTensor;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewCheckpointReader;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorByteSize;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_TensorData;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.internal.c_api.TF_CheckpointReader;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.TF_Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/**
 * Reads the tensors of a TensorFlow V2 checkpoint, ours or another program's, without a graph.
 *
 * <p>Over TensorFlow's own reader, which checks the CRC of the index when it opens and of each
 * tensor when it is read. Not for several threads at once; close it.
 */
public final class TensorBundle implements AutoCloseable {
  private final Path prefix;
  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private TF_CheckpointReader reader;

  private record Entry(Shape shape, DataType type) {}

  /**
   * Opens the checkpoint whose files are {@code PREFIX.index} and {@code PREFIX.data-*}.
   *
   * @throws CheckpointException if there is none or its index is damaged
   */
  public static TensorBundle open(Path prefix) {
    // without an index the native reader takes the prefix for a file of the older format
    Path index = prefix.resolveSibling(prefix.getFileName() + ".index");
    if (!Files.isRegularFile(index)) {
      throw new CheckpointException(
          "no TensorFlow V2 checkpoint at %s: %s is missing".formatted(prefix, index));
    }
    TensorBundle bundle = new TensorBundle(prefix);
    if (bundle.entries.isEmpty()) {
      bundle.close();
      throw new CheckpointException("checkpoint index %s lists no tensors".formatted(index));
    }
    return bundle;
  }

  @SuppressWarnings("try") // a scope is there to be closed
  private TensorBundle(Path prefix) {
    this.prefix = prefix;
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      reader = TF_NewCheckpointReader(bytes(prefix.toString()), status);
      status.throwExceptionIfNotOK();
      int size = TF_CheckpointReaderSize(reader);
      for (int i = 0; i < size; i++) {
        BytePointer name = TF_CheckpointReaderGetVariable(reader, i);
        entries.put(name.getString(StandardCharsets.UTF_8), entry(name, status));
      }
    } catch (TensorFlowException e) {
      close();
      throw new CheckpointException(
          "checkpoint index %s.index is damaged: %s".formatted(prefix, e.getMessage()), e);
    }
  }

  private Entry entry(BytePointer name, TF_Status status) {
    int numDims = TF_CheckpointReaderGetVariableNumDims(reader, name);
    long[] dims = new long[numDims];
    TF_CheckpointReaderGetVariableShape(reader, name, dims, numDims, status);
    status.throwExceptionIfNotOK();
    DataType type = DataType.forNumber(TF_CheckpointReaderGetVariableDataType(reader, name));
    return new Entry(Shape.of(dims), type);
  }

  /** The names of the tensors, in order; a view. */
  public NavigableSet<String> names() {
    return Collections.unmodifiableNavigableSet(entries.navigableKeySet());
  }

  /** The shape of a tensor; throws {@link CheckpointException} if there is none of the name. */
  public Shape shape(String name) {
    return require(name).shape;
  }

  /**
   * The element type of a tensor; throws {@link CheckpointException} if there is none of the name.
   */
  public DataType dataType(String name) {
    return require(name).type;
  }

  /**
   * The values of a float32 tensor, row by row.
   *
   * @throws CheckpointException if there is no such tensor, it has another type, or its data is
   *     damaged
   */
  public float[] floats(String name) {
    float[] values = new float[length(name, DataType.DT_FLOAT)];
    read(name, (long) values.length * Float.BYTES, data -> new FloatPointer(data).get(values));
    return values;
  }

  /** The values of an int64 tensor, row by row; throws as {@link #floats} does. */
  public long[] longs(String name) {
    long[] values = new long[length(name, DataType.DT_INT64)];
    read(name, (long) values.length * Long.BYTES, data -> new LongPointer(data).get(values));
    return values;
  }

  /** Bytes that the tensors take in the data files, without those of variable size (strings). */
  long numBytes() {
    long sum = 0;
    for (Entry entry : entries.values()) {
      sum += entry.shape.size() * Math.max(0, TF_DataTypeSize(entry.type.getNumber()));
    }
    return sum;
  }

  @Override
  public void close() {
    if (reader != null && !reader.isNull()) {
      TF_DeleteCheckpointReader(reader);
    }
    reader = null;
  }

  private interface Copy {
    void from(Pointer data);
  }

  @SuppressWarnings("try") // a scope is there to be closed
  private void read(String name, long numBytes, Copy copy) {
    if (reader == null) {
      throw new IllegalStateException("the reader of %s is closed".formatted(prefix));
    }
    try (PointerScope scope = new PointerScope()) {
      TF_Status status = TF_Status.newStatus();
      TF_Tensor tensor = TF_CheckpointReaderGetTensor(reader, bytes(name), status);
      status.throwExceptionIfNotOK();
      try {
        if (TF_TensorByteSize(tensor) != numBytes) {
          throw new CheckpointException(
              "checkpoint %s holds %d bytes of %s, its shape %s needs %d"
                  .formatted(prefix, TF_TensorByteSize(tensor), name, shape(name), numBytes));
        }
        copy.from(TF_TensorData(tensor));
      } finally {
        TF_DeleteTensor(tensor);
      }
    } catch (TensorFlowException e) {
      throw new CheckpointException(
          "checkpoint %s is damaged: %s cannot be read: %s".formatted(prefix, name, e.getMessage()),
          e);
    }
  }

  private int length(String name, DataType type) {
    Entry entry = require(name);
    if (entry.type != type) {
      throw new CheckpointException(
          "checkpoint %s must hold %s as %s, it is %s".formatted(prefix, name, type, entry.type));
    }
    return Math.toIntExact(entry.shape.size());
  }

  private Entry require(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new CheckpointException(
          "checkpoint %s holds no tensor %s; it holds %d others, such as %s"
              .formatted(prefix, name, entries.size(), entries.firstKey()));
    }
    return entry;
  }

  private static BytePointer bytes(String text) {
    return new BytePointer(text, StandardCharsets.UTF_8);
  }
}
