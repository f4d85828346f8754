package org.tiedbert.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.tensorflow.proto.BundleEntryProto;
import org.tensorflow.proto.BundleHeaderProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;
import org.tiedbert.corpus.TfRecord;

/** Makes the index of a checkpoint that claims anything, under CRCs that are right. */
final class ForgedIndex {
  private static final int FOOTER_BYTES = 48;

  private final Map<String, byte[]> rows = new TreeMap<>();

  ForgedIndex() {
    rows.put("", BundleHeaderProto.newBuilder().setNumShards(1).build().toByteArray());
  }

  /** A float32 tensor. */
  static BundleEntryProto.Builder floats(long offset, long size, long... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dimension : dimensions) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dimension));
    }
    return BundleEntryProto.newBuilder()
        .setDtype(DataType.DT_FLOAT)
        .setShape(shape)
        .setOffset(offset)
        .setSize(size);
  }

  /** Keys are written as ISO 8859-1; the empty one is the header's. */
  ForgedIndex with(String key, byte[] value) {
    rows.put(key, value);
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    byte[] data = handle(file, block(rows));
    byte[] metaindex = handle(file, block(Map.of()));
    byte[] index = handle(file, block(Map.of("z", data)));
    ByteBuffer footer = ByteBuffer.allocate(FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    footer.put(metaindex).put(index);
    footer.putLong(FOOTER_BYTES - Long.BYTES, 0xdb4775248b80fb57L);
    file.writeBytes(footer.array());
    return file.toByteArray();
  }

  /** Puts right the CRCs of an index's first block, whose length is in the block of blocks. */
  static void mend(byte[] index, int firstBlockSize) {
    CRC32C crc = new CRC32C();
    crc.update(index, 0, firstBlockSize + 1);
    ByteBuffer.wrap(index)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(firstBlockSize + 1, TfRecord.mask(crc));
  }

  private static byte[] block(Map<String, byte[]> rows) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> row : new TreeMap<>(rows).entrySet()) {
      byte[] key = row.getKey().getBytes(ISO_8859_1);
      block.writeBytes(varint(0));
      block.writeBytes(varint(key.length));
      block.writeBytes(varint(row.getValue().length));
      block.writeBytes(key);
      block.writeBytes(row.getValue());
    }
    block.writeBytes(new byte[] {0, 0, 0, 0, 1, 0, 0, 0}); // one restart, at 0
    return block.toByteArray();
  }

  private static byte[] handle(ByteArrayOutputStream file, byte[] block) {
    byte[] handle =
        ByteString.copyFrom(varint(file.size()))
            .concat(ByteString.copyFrom(varint(block.length)))
            .toByteArray();
    CRC32C crc = new CRC32C();
    crc.update(block);
    crc.update(0);
    file.writeBytes(block);
    file.write(0);
    file.writeBytes(
        ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(TfRecord.mask(crc)).array());
    return handle;
  }

  private static byte[] varint(long value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    long rest = value;
    for (; rest > 0x7f; rest >>>= 7) {
      bytes.write((int) (rest & 0x7f) | 0x80);
    }
    bytes.write((int) rest);
    return bytes.toByteArray();
  }
}
