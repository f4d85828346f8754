package org.tiedbert.corpus;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The bytes of one record: a TFRecord frame around a {@code tf.Example}, always of the same length.
 * The package comment is the specification. Everything but the numbers is one template, which is
 * filled in on writing and compared on reading. Thread-safe.
 */
final class RecordFormat {
  /** An id takes three bytes of seven bits. */
  static final int MAX_VOCAB_SIZE = 1 << 21;

  static final int MAX_SEQ_LENGTH = 1 << 16;

  private static final int HEADER_BYTES = 12; // length, its CRC
  private static final int FOOTER_BYTES = 4; // the data's CRC
  private static final int ID_BYTES = 3;

  private final int maxSeqLength;
  private final boolean nextSentencePairs;
  private final byte[] template;
  private final boolean[] isPayload;
  private final int inputIdsAt;
  private final int segmentIdsAt;
  private final int labelAt;

  RecordFormat(int maxSeqLength, boolean nextSentencePairs) {
    this.maxSeqLength = maxSeqLength;
    this.nextSentencePairs = nextSentencePairs;
    byte[] ids = feature("input_ids", maxSeqLength * ID_BYTES);
    byte[] segments = nextSentencePairs ? feature("segment_ids", maxSeqLength) : new byte[0];
    byte[] label = nextSentencePairs ? feature("next_sentence_labels", 1) : new byte[0];
    byte[] example = field(0x0A, join(ids, segments, label)); // Example.features
    template = join(header(example.length), example, new byte[FOOTER_BYTES]);
    int end = HEADER_BYTES + example.length; // every payload is the end of its feature
    labelAt = end - 1;
    segmentIdsAt = end - label.length - maxSeqLength;
    inputIdsAt = end - label.length - segments.length - maxSeqLength * ID_BYTES;
    isPayload = new boolean[end];
    Arrays.fill(isPayload, inputIdsAt, inputIdsAt + maxSeqLength * ID_BYTES, true);
    if (nextSentencePairs) {
      Arrays.fill(isPayload, segmentIdsAt, segmentIdsAt + maxSeqLength, true);
      isPayload[labelAt] = true;
    }
  }

  int maxSeqLength() {
    return maxSeqLength;
  }

  boolean nextSentencePairs() {
    return nextSentencePairs;
  }

  int recordBytes() {
    return template.length;
  }

  /** Writes a record to {@code out[offset…]}. */
  void encode(int[] inputIds, int[] segmentIds, int nextSentenceLabel, byte[] out, int offset) {
    System.arraycopy(template, 0, out, offset, template.length);
    int at = offset + inputIdsAt;
    for (int i = 0; i < maxSeqLength; i++) {
      int id = inputIds[i];
      out[at++] = (byte) (id & 0x7F | 0x80);
      out[at++] = (byte) (id >>> 7 & 0x7F | 0x80);
      out[at++] = (byte) (id >>> 14);
    }
    if (nextSentencePairs) {
      for (int i = 0; i < maxSeqLength; i++) {
        out[offset + segmentIdsAt + i] = (byte) segmentIds[i];
      }
      out[offset + labelAt] = (byte) nextSentenceLabel;
    }
    int length = template.length - HEADER_BYTES - FOOTER_BYTES;
    little(out)
        .putInt(
            offset + template.length - FOOTER_BYTES,
            TfRecord.maskedCrc(out, offset + HEADER_BYTES, length));
  }

  /**
   * Checks a record and reads its numbers into {@code inputIds[offset…]} and {@code
   * segmentIds[offset…]}; returns its next-sentence label, 0 where there is none.
   *
   * @param file and {@code fileOffset}: where the record lies, for errors
   */
  int decode(
      byte[] record,
      int vocabSize,
      int[] inputIds,
      int[] segmentIds,
      int offset,
      Path file,
      long fileOffset) {
    check(record, file, fileOffset);
    int at = inputIdsAt;
    for (int i = 0; i < maxSeqLength; i++, at += ID_BYTES) {
      int id = record[at] & 0x7F | (record[at + 1] & 0x7F) << 7 | (record[at + 2] & 0xFF) << 14;
      if (id >= vocabSize || record[at] >= 0 || record[at + 1] >= 0 || record[at + 2] < 0) {
        throw damaged(file, fileOffset + at, "token id %d, the vocabulary has %d", id, vocabSize);
      }
      inputIds[offset + i] = id;
    }
    if (!nextSentencePairs) {
      Arrays.fill(segmentIds, offset, offset + maxSeqLength, 0);
      return 0;
    }
    for (int i = 0; i < maxSeqLength; i++) {
      segmentIds[offset + i] = zeroOrOne(record, segmentIdsAt + i, "segment id", file, fileOffset);
    }
    return zeroOrOne(record, labelAt, "next-sentence label", file, fileOffset);
  }

  /** Frame, checksum and everything that is the same in all records. */
  void check(byte[] record, Path file, long fileOffset) {
    int frame = Arrays.mismatch(record, 0, HEADER_BYTES, template, 0, HEADER_BYTES);
    if (frame >= 0) {
      throw damaged(file, fileOffset + frame, "no record of %d bytes begins here", record.length);
    }
    int length = template.length - HEADER_BYTES - FOOTER_BYTES;
    int stored = little(record).getInt(template.length - FOOTER_BYTES);
    int computed = TfRecord.maskedCrc(record, HEADER_BYTES, length);
    if (stored != computed) {
      throw damaged(
          file, fileOffset, "the record's CRC32C is %08x, its bytes give %08x", stored, computed);
    }
    for (int i = HEADER_BYTES; i < isPayload.length; i++) {
      if (!isPayload[i] && record[i] != template[i]) {
        throw damaged(file, fileOffset + i, "the record has other features than the manifest says");
      }
    }
  }

  private static int zeroOrOne(byte[] record, int at, String what, Path file, long fileOffset) {
    if (record[at] >>> 1 != 0) {
      throw damaged(file, fileOffset + at, "%s %d, must be 0 or 1", what, record[at]);
    }
    return record[at];
  }

  private static CorpusException damaged(Path file, long at, String format, Object... arguments) {
    return new CorpusException(
        "shard %s is damaged at byte %d: %s; prepare the shards again or copy them anew"
            .formatted(file, at, format.formatted(arguments)));
  }

  /** An entry of Features.feature whose Int64List packs {@code payloadBytes} bytes of varints. */
  private static byte[] feature(String name, int payloadBytes) {
    byte[] int64List = field(0x0A, new byte[payloadBytes]); // Int64List.value
    byte[] feature = field(0x1A, int64List); // Feature.int64_list
    byte[] key = field(0x0A, name.getBytes(StandardCharsets.US_ASCII));
    return field(0x0A, join(key, field(0x12, feature))); // Features.feature
  }

  /** A length-delimited protobuf field. */
  private static byte[] field(int tag, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(tag);
    int length = content.length;
    for (; length >= 0x80; length >>>= 7) {
      bytes.write(length & 0x7F | 0x80);
    }
    bytes.write(length);
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }

  private static byte[] header(int dataBytes) {
    byte[] header = new byte[HEADER_BYTES];
    little(header).putLong(0, dataBytes);
    little(header).putInt(8, TfRecord.maskedCrc(header, 0, 8));
    return header;
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
