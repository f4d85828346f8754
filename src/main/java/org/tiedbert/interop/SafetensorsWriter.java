package org.tiedbert.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.tensorflow.ndarray.Shape;

/**
 * Writes float32 tensors as a safetensors file, the bytes that the reference implementation writes
 * for them: sorted by name, the header padded with spaces to a multiple of 8 bytes.
 */
final class SafetensorsWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BUFFER_BYTES = 1 << 18;

  private SafetensorsWriter() {}

  /**
   * Writes a new file; after a failure a part of it may be there.
   *
   * @param shapes of all the tensors, by name
   * @param values gives a tensor's values, row by row; asked once for each, in order, so that
   *     memory holds one at a time
   */
  static void write(Path file, SortedMap<String, Shape> shapes, Function<String, float[]> values)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] header = header(shapes);
      ByteBuffer start =
          ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
      writeFully(channel, start.putLong(header.length).put(header).flip());
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (Map.Entry<String, Shape> tensor : shapes.entrySet()) {
        float[] floats = values.apply(tensor.getKey());
        if (floats.length != tensor.getValue().size()) {
          throw new IllegalArgumentException(
              "tensor %s of shape %s was given %d values"
                  .formatted(tensor.getKey(), tensor.getValue(), floats.length));
        }
        writeFloats(channel, buffer, floats);
      }
    }
  }

  private static byte[] header(SortedMap<String, Shape> shapes) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    // transformers refuses a file that does not say so
    root.putObject(SafetensorsHeader.METADATA).put("format", "pt");
    long end = 0;
    for (Map.Entry<String, Shape> tensor : shapes.entrySet()) {
      ObjectNode entry = root.putObject(tensor.getKey()).put("dtype", ElementType.F32.name());
      ArrayNode shape = entry.putArray("shape");
      for (long length : tensor.getValue().asArray()) {
        shape.add(length);
      }
      long begin = end;
      end += tensor.getValue().size() * Float.BYTES;
      entry.putArray("data_offsets").add(begin).add(end);
    }
    byte[] json = JSON.writeValueAsBytes(root);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void writeFloats(FileChannel channel, ByteBuffer buffer, float[] floats)
      throws IOException {
    for (int done = 0; done < floats.length; ) {
      int part = Math.min(floats.length - done, BUFFER_BYTES / Float.BYTES);
      buffer.clear().asFloatBuffer().put(floats, done, part);
      writeFully(channel, buffer.limit(part * Float.BYTES));
      done += part;
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      channel.write(data);
    }
  }
}
