package org.tiedbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;

class RecordFormatTest {
  private static final Path FILE = Path.of("train-00000-of-00001.tfrecord");
  private static final int[] IDS = {2, 127, 128, 16383, 16384, 30521, (1 << 21) - 1, 0};
  private static final int[] SEGMENTS = {0, 0, 0, 1, 1, 1, 1, 0};

  private static byte[] encode(RecordFormat format, int[] ids, int[] segments, int label) {
    byte[] bytes = new byte[format.recordBytes() + 5];
    format.encode(ids, segments, label, bytes, 5);
    return Arrays.copyOfRange(bytes, 5, bytes.length);
  }

  @Test
  void protobufReadsTheExample() throws InvalidProtocolBufferException {
    // given
    byte[] record = encode(new RecordFormat(8, true), IDS, SEGMENTS, 1);
    // when: what lies between the 12 bytes of the frame's head and its 4 last ones is parsed
    Example example = Example.parseFrom(Arrays.copyOfRange(record, 12, record.length - 4));
    // then
    var features = example.getFeatures().getFeatureMap();
    assertThat(features).containsOnlyKeys("input_ids", "segment_ids", "next_sentence_labels");
    assertThat(values(features.get("input_ids"))).isEqualTo(longs(IDS));
    assertThat(values(features.get("segment_ids"))).isEqualTo(longs(SEGMENTS));
    assertThat(values(features.get("next_sentence_labels"))).containsExactly(1L);
  }

  @Test
  void withoutPairsThereIsOneFeature() throws InvalidProtocolBufferException {
    byte[] record = encode(new RecordFormat(8, false), IDS, null, 0);
    Example example = Example.parseFrom(Arrays.copyOfRange(record, 12, record.length - 4));
    assertThat(example.getFeatures().getFeatureMap()).containsOnlyKeys("input_ids");
  }

  @Test
  void aWholeRecordIsWhatPythonWrites() {
    // given: tf.io.TFRecordWriter of TensorFlow 2.21 on an Example of the one id 7, 87 80 00
    String written =
        "1800000000000000a37f4b220a160a140a09696e7075745f69647312071a050a0387800024c56f7e";
    // when
    byte[] record = encode(new RecordFormat(1, false), new int[] {7}, null, 0);
    // then
    assertThat(HexFormat.of().formatHex(record)).isEqualTo(written);
  }

  @Test
  void aRecordOfAHundredAndTwentyEightTokensTakes426Bytes() {
    assertThat(new RecordFormat(128, false).recordBytes()).isEqualTo(426);
  }

  @Test
  void readsWhatItWrote() {
    for (boolean pairs : List.of(true, false)) {
      RecordFormat format = new RecordFormat(8, pairs);
      int[] ids = new int[10];
      int[] segments = new int[10];
      int label =
          format.decode(encode(format, IDS, SEGMENTS, 1), 1 << 21, ids, segments, 1, FILE, 0);
      assertThat(ids).containsExactly(0, 2, 127, 128, 16383, 16384, 30521, (1 << 21) - 1, 0, 0);
      assertThat(Arrays.stream(segments).sum()).isEqualTo(pairs ? 4 : 0);
      assertThat(label).isEqualTo(pairs ? 1 : 0);
    }
  }

  @Test
  void everyFlippedBitIsFound() {
    RecordFormat format = new RecordFormat(8, true);
    byte[] record = encode(format, IDS, SEGMENTS, 1);
    for (int bit = 0; bit < record.length * 8; bit++) {
      byte[] damaged = record.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(
              () -> format.decode(damaged, 1 << 21, new int[8], new int[8], 0, FILE, 1000))
          .isInstanceOf(CorpusException.class)
          .hasMessageContaining(FILE + " is damaged at byte 10");
    }
  }

  @Test
  void anIdBeyondTheVocabularyIsRefusedWithItsPlace() {
    // given: the id 30521 is the sixth; in this format the ids are the last 24 bytes before the CRC
    RecordFormat format = new RecordFormat(8, false);
    byte[] record = encode(format, IDS, null, 0);
    long at = 5000 + record.length - 4 - 24 + 5 * 3;
    assertThatThrownBy(() -> format.decode(record, 30521, new int[8], new int[8], 0, FILE, 5000))
        .hasMessageContaining(
            "damaged at byte " + at + ": token id 30521, the vocabulary has 30521");
  }

  @Test
  void anotherSegmentIdOrLabelIsRefused() {
    RecordFormat format = new RecordFormat(8, true);
    byte[] segment = encode(format, IDS, IntStream.of(0, 0, 2, 0, 0, 0, 0, 0).toArray(), 0);
    assertThatThrownBy(() -> format.decode(segment, 1 << 21, new int[8], new int[8], 0, FILE, 0))
        .hasMessageContaining("segment id 2, must be 0 or 1");
    byte[] label = encode(format, IDS, SEGMENTS, 3);
    assertThatThrownBy(() -> format.decode(label, 1 << 21, new int[8], new int[8], 0, FILE, 0))
        .hasMessageContaining("next-sentence label 3, must be 0 or 1");
  }

  private static long[] values(Feature feature) {
    return feature.getInt64List().getValueList().stream().mapToLong(Long::longValue).toArray();
  }

  private static long[] longs(int[] ints) {
    return Arrays.stream(ints).asLongStream().toArray();
  }
}
