package org.tiedbert.corpus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The frame of one record in TensorFlow's record files, be they shards, TensorBoard's events or
 * warm-up requests; the package documentation has its layout.
 */
public final class TfRecord {
  private TfRecord() {}

  /** A record of these bytes, header and footer with them. */
  public static byte[] of(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(data.length);
    record.putInt(maskedCrc(record.array(), 0, Long.BYTES)).put(data);
    return record.putInt(maskedCrc(data, 0, data.length)).array();
  }

  static int maskedCrc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return mask(crc);
  }

  /** A CRC as TensorFlow stores it, in records and in checkpoints. */
  public static int mask(CRC32C crc) {
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
  }
}
