package org.tiedbert.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.train.MergeV2Checkpoints;
import org.tensorflow.types.TFloat32;

/**
 * Writes float32 tensors that are not in a session as a TensorFlow V2 checkpoint. They are asked
 * for one after the other and written in parts, which are merged, so that memory holds one part at
 * a time however large the model is.
 */
public final class TensorBundleWriter implements BundleWriter {
  private static final long PART_BYTES = 256L << 20;

  private final Map<String, Shape> shapes;
  private final Function<String, float[]> values;
  private final long partBytes;

  /**
   * @param shapes of all the tensors, by name
   * @param values gives a tensor's values, row by row; asked once for each
   */
  public TensorBundleWriter(Map<String, Shape> shapes, Function<String, float[]> values) {
    this(shapes, values, PART_BYTES);
  }

  /**
   * @param partBytes the most that a part of several tensors may have
   */
  TensorBundleWriter(Map<String, Shape> shapes, Function<String, float[]> values, long partBytes) {
    this.shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
    this.values = values;
    this.partBytes = partBytes;
    if (shapes.isEmpty()) {
      throw new IllegalArgumentException("a checkpoint must hold a tensor");
    }
  }

  /**
   * Replaces what is there under the same prefix.
   *
   * @throws IOException naming the path and the room it needs, if it cannot be written
   */
  @Override
  public Set<String> write(Path prefix) throws IOException {
    long free = Files.getFileStore(prefix.toAbsolutePath().getParent()).getUsableSpace();
    List<Path> parts = new ArrayList<>();
    try {
      for (List<String> names : parts()) {
        Path part =
            prefix.resolveSibling("%s.part-%d".formatted(prefix.getFileName(), parts.size()));
        parts.add(part);
        save(names, part);
      }
      merge(parts, prefix);
    } catch (TensorFlowException e) {
      throw new IOException(
          "%s needs %,d bytes, %,d were free there: %s"
              .formatted(prefix, numBytes(), free, CheckpointStore.reason(e)),
          e);
    }
    return shapes.keySet();
  }

  /** The names, in order, in groups of no more than the bytes of a part or of one tensor. */
  private List<List<String>> parts() {
    List<List<String>> parts = new ArrayList<>();
    long room = 0;
    for (Map.Entry<String, Shape> tensor : shapes.entrySet()) {
      long bytes = numBytes(tensor.getValue());
      if (parts.isEmpty() || bytes > room) {
        parts.add(new ArrayList<>());
        room = partBytes;
      }
      parts.get(parts.size() - 1).add(tensor.getKey());
      room -= bytes;
    }
    return parts;
  }

  private void save(List<String> names, Path prefix) {
    List<TFloat32> tensors = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Session.Runner runner = session.runner();
      List<Operand<?>> saved = new ArrayList<>();
      for (String name : names) {
        tensors.add(tensor(name));
        Placeholder<TFloat32> placeholder = tf.placeholder(TFloat32.class);
        runner.feed(placeholder, tensors.get(tensors.size() - 1));
        saved.add(placeholder);
      }
      String[] whole = new String[names.size()];
      Arrays.fill(whole, "");
      runner
          .addTarget(
              tf.train.save(
                  tf.constant(prefix.toString()),
                  tf.array(names.toArray(String[]::new)),
                  tf.array(whole),
                  saved))
          .run()
          .close();
    } finally {
      tensors.forEach(TFloat32::close);
    }
  }

  private TFloat32 tensor(String name) {
    Shape shape = shapes.get(name);
    float[] rows = values.apply(name);
    if (rows.length != shape.size()) {
      throw new IllegalArgumentException(
          "%s of shape %s has %d values, got %d".formatted(name, shape, shape.size(), rows.length));
    }
    return TFloat32.tensorOf(shape, DataBuffers.of(rows, true, false));
  }

  /** The parts' data files become those of the whole, under new names; their indexes go. */
  private static void merge(List<Path> parts, Path prefix) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      String[] from = parts.stream().map(Path::toString).toArray(String[]::new);
      session
          .runner()
          .addTarget(
              tf.train.mergeV2Checkpoints(
                  tf.array(from),
                  tf.constant(prefix.toString()),
                  MergeV2Checkpoints.deleteOldDirs(false)))
          .run()
          .close();
    }
  }

  private long numBytes() {
    return shapes.values().stream().mapToLong(TensorBundleWriter::numBytes).sum();
  }

  private static long numBytes(Shape shape) {
    return shape.size() * Float.BYTES;
  }
}
