package org.tiedbert.checkpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.BundleEntryProto;
import org.tensorflow.proto.BundleHeaderProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;
import org.tiedbert.text.FileProblem;

/** The {@code PREFIX.index} of a TensorFlow V2 checkpoint: which tensor lies where. */
final class BundleIndex {
  /** Room for far more tensors than the largest BERT has, with its optimizer's, takes. */
  private static final long MAX_BYTES = 64L << 20;

  private static final int VERSION = 1;

  /** TensorFlow's own. */
  private static final int MAX_RANK = 254;

  private final Path prefix;
  private final Path file;
  private final int numShards;
  private final TreeMap<String, Entry> entries = new TreeMap<>();

  /**
   * Where a tensor lies.
   *
   * @param offset of its first byte in its shard's data file
   * @param size in bytes
   * @param crc masked CRC32C of these bytes
   * @param sliced whether the tensor's parts lie elsewhere, each on its own
   */
  record Entry(
      Shape shape, DataType type, int shard, long offset, long size, int crc, boolean sliced) {}

  private BundleIndex(Path prefix, Path file, SortedMap<byte[], ByteBuffer> table) {
    this.prefix = prefix;
    this.file = file;
    this.numShards = header(table.get(new byte[0]));
    for (Map.Entry<byte[], ByteBuffer> row : table.entrySet()) {
      byte[] key = row.getKey();
      boolean tensor = key.length > 0 && key[0] != 0; // a slice's key begins with 0
      if (tensor) {
        String name = name(key);
        entries.put(name, entry(name, row.getValue()));
      }
    }
    if (entries.isEmpty()) {
      throw new CheckpointException("checkpoint index %s lists no tensors".formatted(file));
    }
  }

  /**
   * @throws CheckpointException if there is no index or it is damaged
   */
  static BundleIndex read(Path prefix) {
    Path file = prefix.resolveSibling(prefix.getFileName() + ".index");
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "no TensorFlow V2 checkpoint at %s: %s is missing".formatted(prefix, file));
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw damaged(file, "it has %d bytes, more than any index".formatted(Files.size(file)));
      }
      return new BundleIndex(prefix, file, SortedTable.read(Files.readAllBytes(file)));
    } catch (SortedTable.DamagedException e) {
      throw damaged(file, e.getMessage());
    } catch (IOException e) {
      throw new CheckpointException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /** By name. */
  TreeMap<String, Entry> entries() {
    return entries;
  }

  /** The file that holds a tensor's bytes. */
  Path dataFile(Entry entry) {
    return prefix.resolveSibling(
        "%s.data-%05d-of-%05d".formatted(prefix.getFileName(), entry.shard, numShards));
  }

  /**
   * Checks that the data files are there and as long as the tensors in them need them to be.
   *
   * @throws CheckpointException if one is not
   */
  void requireDataFiles() {
    Map<Integer, Long> sizes = new TreeMap<>();
    for (Map.Entry<String, Entry> tensor : entries.entrySet()) {
      Entry entry = tensor.getValue();
      long size = sizes.computeIfAbsent(entry.shard, shard -> size(dataFile(entry)));
      if (entry.size > size || entry.offset > size - entry.size) {
        throw new CheckpointException(
            "checkpoint %s is damaged: %s holds %d bytes, %s takes %d at byte %d"
                .formatted(
                    prefix, dataFile(entry), size, tensor.getKey(), entry.size, entry.offset));
      }
    }
  }

  private long size(Path dataFile) {
    try {
      return Files.size(dataFile);
    } catch (NoSuchFileException e) {
      throw new CheckpointException(
          "checkpoint %s is not whole: %s is missing".formatted(prefix, dataFile), e);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be read: %s".formatted(dataFile, FileProblem.of(e)), e);
    }
  }

  private int header(ByteBuffer value) {
    if (value == null) {
      throw damaged("it has no header");
    }
    BundleHeaderProto header;
    try {
      header = BundleHeaderProto.parseFrom(ByteString.copyFrom(value.duplicate()));
    } catch (InvalidProtocolBufferException e) {
      throw damaged("its header is none: %s".formatted(e.getMessage()));
    }
    if (header.getNumShards() < 1
        || header.getEndianness() != BundleHeaderProto.Endianness.LITTLE
        || header.getVersion().getMinConsumer() > VERSION) {
      throw damaged(
          "it must be little-endian, of version %d and of 1 data file or more; it is %s, of version %d and of %d"
              .formatted(
                  VERSION,
                  header.getEndianness(),
                  header.getVersion().getMinConsumer(),
                  header.getNumShards()));
    }
    return header.getNumShards();
  }

  private String name(byte[] key) {
    try {
      String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
      if (name.chars().noneMatch(Character::isISOControl)) {
        return name;
      }
    } catch (CharacterCodingException e) {
      throw damaged("a tensor's name is not UTF-8");
    }
    throw damaged("a tensor's name holds control characters");
  }

  private Entry entry(String name, ByteBuffer value) {
    BundleEntryProto proto;
    try {
      proto = BundleEntryProto.parseFrom(ByteString.copyFrom(value.duplicate()));
    } catch (InvalidProtocolBufferException e) {
      throw damaged("its entry of %s is none: %s".formatted(name, e.getMessage()));
    }
    Shape shape = shape(name, proto.getShape());
    boolean sliced = proto.getSlicesCount() > 0;
    long elementBytes =
        switch (proto.getDtype()) {
          case DT_FLOAT -> Float.BYTES;
          case DT_INT64 -> Long.BYTES;
          default -> 0; // of a type that nobody reads here
        };
    boolean sizeFits =
        sliced || elementBytes == 0 || proto.getSize() == numBytes(name, shape, elementBytes);
    if (proto.getShardId() < 0
        || proto.getShardId() >= numShards
        || proto.getOffset() < 0
        || proto.getSize() < 0
        || !sizeFits) {
      throw damaged(
          "%s, %s %s, cannot take %d bytes at byte %d of data file %d of %d"
              .formatted(
                  name,
                  proto.getDtype(),
                  shape,
                  proto.getSize(),
                  proto.getOffset(),
                  proto.getShardId(),
                  numShards));
    }
    return new Entry(
        shape,
        proto.getDtype(),
        proto.getShardId(),
        proto.getOffset(),
        proto.getSize(),
        proto.getCrc32C(),
        sliced);
  }

  private Shape shape(String name, TensorShapeProto proto) {
    long[] dimensions =
        proto.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray();
    if (proto.getUnknownRank()
        || dimensions.length > MAX_RANK
        || Arrays.stream(dimensions).anyMatch(dimension -> dimension < 0)) {
      throw damaged("the shape of %s is none".formatted(name));
    }
    return Shape.of(dimensions);
  }

  private long numBytes(String name, Shape shape, long elementBytes) {
    try {
      long bytes = elementBytes;
      for (long dimension : shape.asArray()) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw damaged("%s cannot have the shape %s".formatted(name, shape));
    }
  }

  private CheckpointException damaged(String how) {
    return damaged(file, how);
  }

  private static CheckpointException damaged(Path file, String how) {
    return new CheckpointException("checkpoint index %s is damaged: %s".formatted(file, how));
  }
}
