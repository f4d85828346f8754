package org.tiedbert.checkpoint;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.tiedbert.corpus.TfRecord;

/**
 * Reads LevelDB's table format, uncompressed: that of a checkpoint's index.
 *
 * <pre>
 * file   = block* footer
 * block  = entry* restart* count  type crc      restarts and their count: 4 bytes each, not needed;
 *                                               type: 1 byte, 0; crc: masked CRC32C of all before it
 * entry  = shared unshared length key value     three varints; the key's first {@code shared}
 *                                               bytes are those of the key before it
 * footer = metaindex index padding magic        48 bytes; two handles of varints, offset and size
 * </pre>
 *
 * The index block's values are the handles of the data blocks, whose keys ascend throughout. Lying
 * lengths are found before anything is allocated for them.
 */
final class SortedTable {
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_BYTES = 48;
  private static final int MAX_KEY_BYTES = 1024;
  private static final int MAX_VALUE_BYTES = 1 << 20;
  private static final int MAX_ENTRIES = 200_000;

  private final ByteBuffer file;

  /** The table is not in this format; the message says where. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
      super(message);
    }
  }

  private SortedTable(byte[] bytes) {
    this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The values by their keys, in the order of the keys' unsigned bytes. */
  static SortedMap<byte[], ByteBuffer> read(byte[] bytes) throws DamagedException {
    SortedTable table = new SortedTable(bytes);
    SortedMap<byte[], ByteBuffer> index = emptyMap();
    table.addBlock(table.indexHandle(), index);
    SortedMap<byte[], ByteBuffer> all = emptyMap();
    for (ByteBuffer handle : index.values()) {
      int before = all.size();
      table.addBlock(handle, all);
      require(all.size() > before, "a block is empty");
    }
    return all;
  }

  private static SortedMap<byte[], ByteBuffer> emptyMap() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  private ByteBuffer indexHandle() throws DamagedException {
    int footerAt = file.limit() - FOOTER_BYTES;
    require(footerAt >= 0, "it is cut short, it has %d bytes", file.limit());
    long magic = file.getLong(file.limit() - Long.BYTES);
    require(magic == MAGIC, "it does not end as an index does; it is cut short or no index");
    ByteBuffer footer = slice(footerAt, FOOTER_BYTES);
    varint(footer); // the metaindex, which is empty
    varint(footer);
    return footer;
  }

  private void addBlock(ByteBuffer handle, SortedMap<byte[], ByteBuffer> to)
      throws DamagedException {
    ByteBuffer block = block(varint(handle), varint(handle));
    byte[] key = new byte[0];
    while (block.hasRemaining()) {
      long shared = varint(block);
      long unshared = varint(block);
      long length = varint(block);
      require(
          shared <= key.length
              && unshared <= Math.min(block.remaining(), MAX_KEY_BYTES - shared)
              && length <= Math.min(block.remaining() - unshared, MAX_VALUE_BYTES),
          "an entry of %d + %d and %d bytes does not fit",
          shared,
          unshared,
          length);
      key = Arrays.copyOf(key, (int) (shared + unshared));
      block.get(key, (int) shared, (int) unshared);
      require(
          to.isEmpty() || Arrays.compareUnsigned(to.lastKey(), key) < 0, "its keys do not ascend");
      require(to.size() < MAX_ENTRIES, "it has more than %d entries", MAX_ENTRIES);
      to.put(key, block.slice(block.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN));
      block.position(block.position() + (int) length);
    }
  }

  /** The entries of a block. */
  private ByteBuffer block(long offset, long size) throws DamagedException {
    int trailer = 1 + Integer.BYTES;
    require(
        size >= Integer.BYTES
            && size <= file.limit() - trailer
            && offset <= file.limit() - trailer - size,
        "there is no block of %d bytes at byte %d",
        size,
        offset);
    int end = (int) (offset + size);
    CRC32C crc = new CRC32C();
    crc.update(slice((int) offset, (int) size + 1));
    require(
        file.getInt(end + 1) == TfRecord.mask(crc),
        "the CRC of its block at byte %d is not right",
        offset);
    require(file.get(end) == 0, "its block at byte %d is compressed", offset);
    long numRestarts = Integer.toUnsignedLong(file.getInt(end - Integer.BYTES));
    long restartBytes = Integer.BYTES * (numRestarts + 1);
    require(restartBytes <= size, "its block at byte %d has %d restarts", offset, numRestarts);
    return slice((int) offset, (int) (size - restartBytes));
  }

  private ByteBuffer slice(int offset, int size) {
    return file.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Of up to 63 bits, so never negative. */
  private static long varint(ByteBuffer bytes) throws DamagedException {
    try {
      long value = 0;
      for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
        byte next = bytes.get();
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    } catch (BufferUnderflowException e) {
      throw new DamagedException("a number in it is cut short");
    }
    throw new DamagedException("a number in it is too large");
  }

  private static void require(boolean right, String problem, Object... arguments)
      throws DamagedException {
    if (!right) {
      throw new DamagedException(problem.formatted(arguments));
    }
  }
}
