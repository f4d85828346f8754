package org.tiedbert.interop;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model as far as its float32 weights go, read by the field numbers of {@code onnx.proto}
 * (github.com/onnx/onnx, Apache 2.0), without generated classes.
 */
final class OnnxFile {
  // ModelProto
  private static final int GRAPH = 7;
  // GraphProto
  private static final int NODE = 1;
  private static final int INITIALIZER = 5;
  private static final int OUTPUT = 12;
  // NodeProto
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OPERATOR = 4;
  // TensorProto
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;
  // ValueInfoProto, its TypeProto, and that one's Tensor
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TENSOR_TYPE = 1;
  private static final int ELEMENT_TYPE = 1;

  private static final long FLOAT = 1;

  /** One operation; an empty input is one that is left out. */
  record Node(String operator, List<String> inputs, List<String> outputs) {}

  /** One float32 weight, its values in row-major order. */
  record Weight(String name, int[] shape, float[] values) {
    /** A matrix the other way round. */
    Weight transposed(String newName) {
      int rows = shape[0];
      int columns = shape[1];
      float[] turned = new float[values.length];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          turned[column * rows + row] = values[row * columns + column];
        }
      }
      return new Weight(newName, new int[] {columns, rows}, turned);
    }
  }

  private final UnknownFieldSet graph;

  OnnxFile(byte[] bytes) {
    this.graph = message(message(ByteString.copyFrom(bytes)), GRAPH);
  }

  /** The operations, each after those it reads from. */
  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>();
    for (ByteString bytes : graph.getField(NODE).getLengthDelimitedList()) {
      UnknownFieldSet node = message(bytes);
      nodes.add(
          new Node(
              texts(node, NODE_OPERATOR).get(0),
              texts(node, NODE_INPUT),
              texts(node, NODE_OUTPUT)));
    }
    return nodes;
  }

  /** The float32 weights by name; those of other types are left out. */
  Map<String, Weight> weights() {
    Map<String, Weight> weights = new LinkedHashMap<>();
    for (ByteString bytes : graph.getField(INITIALIZER).getLengthDelimitedList()) {
      UnknownFieldSet tensor = message(bytes);
      if (tensor.getField(DATA_TYPE).getVarintList().get(0) == FLOAT) {
        Weight weight = weight(tensor);
        weights.put(weight.name(), weight);
      }
    }
    return weights;
  }

  /**
   * The model with more outputs. Two messages in a row are one to protobuf, their repeated fields
   * joined: so it is enough to append a graph that has nothing but the outputs.
   *
   * @param names of float32 values that some operation makes
   */
  static byte[] withOutputs(byte[] model, List<String> names) {
    UnknownFieldSet float32 = wrap(TENSOR_TYPE, wrap(ELEMENT_TYPE, FLOAT));
    UnknownFieldSet.Builder outputs = UnknownFieldSet.newBuilder();
    for (String name : names) {
      Field nameField =
          Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(name)).build();
      UnknownFieldSet value =
          wrap(VALUE_TYPE, float32).toBuilder().addField(VALUE_NAME, nameField).build();
      outputs.mergeField(OUTPUT, bytesField(value));
    }
    ByteArrayOutputStream joined = new ByteArrayOutputStream(model.length + 4096);
    try {
      joined.write(model);
      wrap(GRAPH, outputs.build()).writeTo(joined);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return joined.toByteArray();
  }

  private static Weight weight(UnknownFieldSet tensor) {
    List<Long> dims = tensor.getField(DIMS).getVarintList();
    ByteBuffer raw =
        tensor
            .getField(RAW_DATA)
            .getLengthDelimitedList()
            .get(0)
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[raw.remaining() / Float.BYTES];
    raw.asFloatBuffer().get(values);
    return new Weight(
        texts(tensor, NAME).get(0), dims.stream().mapToInt(Math::toIntExact).toArray(), values);
  }

  private static List<String> texts(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList().stream()
        .map(ByteString::toStringUtf8)
        .toList();
  }

  private static UnknownFieldSet message(UnknownFieldSet outer, int field) {
    return message(outer.getField(field).getLengthDelimitedList().get(0));
  }

  private static UnknownFieldSet message(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UnknownFieldSet wrap(int field, UnknownFieldSet inner) {
    return UnknownFieldSet.newBuilder().addField(field, bytesField(inner)).build();
  }

  private static UnknownFieldSet wrap(int field, long value) {
    return UnknownFieldSet.newBuilder()
        .addField(field, Field.newBuilder().addVarint(value).build())
        .build();
  }

  private static Field bytesField(UnknownFieldSet message) {
    return Field.newBuilder().addLengthDelimited(message.toByteString()).build();
  }
}
