package org.tiedbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tiedbert.text.Vocabulary;

class ShardReaderTest {
  private static final Vocabulary VOCABULARY = TinyVocabulary.letters();
  private static final int NUM_TRAIN = 7;
  private static final int RECORD_BYTES = new RecordFormat(4, true).recordBytes();

  @TempDir Path folder;
  private Path shards;

  /** Record i of {@code train} is [CLS] 5+i [SEP] [PAD]; three records a shard, so 3 + 3 + 1. */
  @BeforeEach
  void writeShards() {
    shards = folder.resolve("shards");
    write(shards, 5);
  }

  private static ShardManifest write(Path output, int firstId) {
    var layout =
        new ShardWriter.Layout(
            VOCABULARY, true, 4, true, 3 * RECORD_BYTES + 1, Map.of("seed", "7"), List.of("a.txt"));
    try (ShardWriter writer = new ShardWriter(output, layout)) {
      for (int i = 0; i < NUM_TRAIN; i++) {
        writer.write(Split.TRAIN, new int[] {2, firstId + i, 3, 0}, new int[] {0, 0, 1, 0}, i % 2);
      }
      writer.write(Split.HELD_OUT, new int[] {2, 5, 5, 3}, new int[4], 0);
      return writer.finish();
    }
  }

  private ShardReader open() {
    return ShardReader.open(shards, Split.TRAIN, VOCABULARY);
  }

  @Test
  void everyRecordIsFoundByItsIndex() {
    try (ShardReader reader = open()) {
      assertThat(reader.numSequences()).isEqualTo(NUM_TRAIN);
      assertThat(reader.maxSeqLength()).isEqualTo(4);
      assertThat(reader.nextSentencePairs()).isTrue();
      int[] ids = new int[6];
      int[] segments = new int[6];
      for (int i = NUM_TRAIN - 1; i >= 0; i--) {
        assertThat(reader.read(i, ids, segments, 2)).isEqualTo(i % 2);
        assertThat(ids).containsExactly(0, 0, 2, 5 + i, 3, 0);
        assertThat(segments).containsExactly(0, 0, 0, 0, 1, 0);
      }
      assertThatThrownBy(() -> reader.read(NUM_TRAIN, ids, segments, 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void saysThatThereIsNoFolderOfShards() {
    Path absent = shards.resolve("absent");
    assertThatThrownBy(() -> ShardReader.vocabulary(absent))
        .isInstanceOf(CorpusException.class)
        .hasMessage(
            "there is no folder of shards %s; it must be one that `tiedbert prepare` wrote",
            absent);
    assertThat(ShardReader.vocabulary(shards).digest()).isEqualTo(VOCABULARY.digest());
  }

  @Test
  void theManifestCounts() {
    ShardManifest manifest = ShardManifest.read(shards);
    assertThat(manifest.train().shards())
        .extracting(ShardManifest.Shard::file)
        .containsExactly(
            "train-00000-of-00003.tfrecord",
            "train-00001-of-00003.tfrecord",
            "train-00002-of-00003.tfrecord");
    assertThat(manifest.train().numTokens()).isEqualTo(21); // 7 · 3 of 28 places
    assertThat(manifest.train().fillRate()).isEqualTo(0.75);
    // seven letters, equally often: ln 7; one letter only: 0
    assertThat(manifest.train().unigramEntropy()).isCloseTo(Math.log(7), within(1e-12));
    assertThat(manifest.heldOut().unigramEntropy()).isZero();
    assertThat(manifest.settings()).containsEntry("seed", "7");
    assertThat(Vocabulary.read(shards.resolve("vocab.txt")).digest())
        .isEqualTo(manifest.vocabDigest());
  }

  @Test
  void theSameRecordsMakeTheSameBytes() throws IOException {
    Path again = folder.resolve("again");
    write(again, 5);
    for (String name : List.of("manifest.json", "train-00002-of-00003.tfrecord", "vocab.txt")) {
      assertThat(again.resolve(name)).hasSameBinaryContentAs(shards.resolve(name));
    }
  }

  @Test
  void aWriterThatIsNotFinishedLeavesNothing() throws IOException {
    Path output = folder.resolve("unfinished");
    try (ShardWriter writer =
        new ShardWriter(output, ShardWriter.Layout.of(VOCABULARY, 4, false))) {
      writer.write(Split.TRAIN, new int[4], null, 0);
      assertThatThrownBy(() -> new ShardWriter(output, ShardWriter.Layout.of(VOCABULARY, 4, false)))
          .hasMessageContaining("are being prepared or were interrupted");
    }
    try (var entries = Files.list(folder)) {
      assertThat(entries).containsExactly(shards);
    }
  }

  @Test
  void recordsThatDoNotFitAreRefused() {
    try (ShardWriter writer =
        new ShardWriter(folder.resolve("bad"), ShardWriter.Layout.of(VOCABULARY, 4, true))) {
      assertThatThrownBy(() -> writer.write(Split.TRAIN, new int[3], new int[4], 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("inputIds must have length 4, got 3");
      assertThatThrownBy(() -> writer.write(Split.TRAIN, new int[] {0, 0, 0, 58}, new int[4], 0))
          .hasMessage("inputIds must lie in [0, 58), got 58");
      assertThatThrownBy(() -> writer.write(Split.TRAIN, new int[4], new int[] {0, 0, 2, 0}, 0))
          .hasMessage("segmentIds must lie in [0, 2), got 2");
      assertThatThrownBy(() -> writer.write(Split.TRAIN, new int[4], new int[4], -1))
          .hasMessage("nextSentenceLabel must lie in [0, 2), got -1");
    }
  }

  @Test
  void aNonEmptyOutputIsRefused() {
    assertThatThrownBy(() -> write(shards, 5))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("is not empty");
  }

  @Test
  void anotherVocabularyIsRefused() {
    List<String> other = new ArrayList<>(VOCABULARY.tokens());
    Collections.swap(other, 7, 8);
    assertThatThrownBy(() -> ShardReader.open(shards, Split.TRAIN, Vocabulary.of(other)))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("prepared with another vocabulary");
  }

  @Test
  void aCutShardIsRefused() throws IOException {
    Path shard = shards.resolve("train-00001-of-00003.tfrecord");
    truncate(shard, 100);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining(shard + " has 100 bytes")
        .hasMessageContaining("changed at byte 100");
  }

  @Test
  void aShardCutWhileOpenIsRefused() throws IOException {
    Path shard = shards.resolve("train-00001-of-00003.tfrecord");
    try (ShardReader reader = open()) {
      truncate(shard, 100);
      assertThatThrownBy(() -> reader.read(5, new int[4], new int[4], 0))
          .isInstanceOf(CorpusException.class)
          .hasMessageContaining(shard + " was cut short")
          .hasMessageContaining("at byte " + 2 * RECORD_BYTES);
    }
  }

  @Test
  void aMissingShardIsRefused() throws IOException {
    Files.delete(shards.resolve("train-00001-of-00003.tfrecord"));
    assertThatThrownBy(this::open).hasMessageContaining("train-00001-of-00003.tfrecord is missing");
  }

  @Test
  void aFlippedByteIsFoundAtOpening() throws IOException {
    flip(shards.resolve("train-00001-of-00003.tfrecord"), RECORD_BYTES + 40);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("train-00001-of-00003.tfrecord is damaged at byte " + RECORD_BYTES);
  }

  @Test
  void aFlippedByteIsFoundAtReading() throws IOException {
    try (ShardReader reader = open()) {
      flip(shards.resolve("train-00001-of-00003.tfrecord"), RECORD_BYTES + 40);
      reader.read(3, new int[4], new int[4], 0);
      assertThatThrownBy(() -> reader.read(4, new int[4], new int[4], 0))
          .hasMessageContaining("is damaged at byte " + RECORD_BYTES);
      assertThatThrownBy(reader::verify).hasMessageContaining("is damaged at byte " + RECORD_BYTES);
    }
  }

  @Test
  void aShardOfAnotherPreparationIsRefused() throws IOException {
    Path other = folder.resolve("other");
    write(other, 6);
    String name = "train-00001-of-00003.tfrecord";
    Files.copy(other.resolve(name), shards.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining(name + " is not the one the manifest lists")
        .hasMessageContaining("comes from another preparation");
  }

  @Test
  void theDigestsOfALongSplitAreCheckedInTheBackground() throws Exception {
    Path other = folder.resolve("other");
    write(other, 6);
    String name = "train-00001-of-00003.tfrecord";
    Files.copy(other.resolve(name), shards.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    try (ShardReader reader = ShardReader.open(shards, Split.TRAIN, VOCABULARY, 0)) {
      reader.awaitVerification();
      assertThatThrownBy(() -> reader.read(0, new int[4], new int[4], 0))
          .isInstanceOf(CorpusException.class)
          .hasMessageContaining("comes from another preparation");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"formatVersion\" : 1|\"formatVersion\" : 2|formatVersion must be 1, got 2",
        "\"maxSeqLength\" : 4|\"maxSeqLength\" : 2000000000|maxSeqLength must be a number in",
        "\"maxSeqLength\" : 4|\"maxSeqLength\" : 4.5|maxSeqLength",
        "\"maxSeqLength\" : 4|\"maxSeqLength\" : \"4\"|maxSeqLength",
        "\"maxSeqLength\" : 4|\"maxSeqLength\" : null|maxSeqLength",
        "\"maxSeqLength\" : 4,||maxSeqLength",
        "\"maxSeqLength\" : 4|\"extra\" : 1, \"maxSeqLength\" : 4|extra",
        "\"maxSeqLength\" : 4|\"maxSeqLength\" : 4, \"maxSeqLength\" : 4|Duplicate",
        "\"nextSentencePairs\" : true|\"nextSentencePairs\" : false|bytes must be",
        "\"vocabSize\" : 58|\"vocabSize\" : -1|vocabSize must be a number in",
        "train-00000-of-00003.tfrecord|../../a.tfrecord|shard file must be train-00000-of-00003",
        "\"numSequences\" : 7|\"numSequences\" : 8|train numSequences must be the shards' sum 7",
        "\"numSequences\" : 7|\"numSequences\" : -7|numSequences must be a number in",
        "\"numTokens\" : 21|\"numTokens\" : 29|numTokens must be a number in [0, 28], got 29",
        "\"fillRate\" : 0.75|\"fillRate\" : 0.8|train fillRate must be 0.75, got 0.8",
        "\"unigramEntropy\" : 1|\"unigramEntropy\" : 9|unigramEntropy must be",
        "\"unigramEntropy\" : 1.9|\"unigramEntropy\" : \"NaN\", \"x\": 1.9|malformed",
        "\"sha256\" : \"|\"sha256\" : \"x|sha256 must be 64 hexadecimal digits",
        "\"train\"|\"training\"|train",
      })
  void aMalformedManifestIsRefused(String text, String replacement, String message)
      throws IOException {
    Path manifest = shards.resolve("manifest.json");
    String good = Files.readString(manifest);
    assertThat(good).contains(text);
    int at = good.indexOf(text);
    Files.writeString(
        manifest,
        good.substring(0, at)
            + (replacement == null ? "" : replacement)
            + good.substring(at + text.length()));
    assertThatThrownBy(() -> ShardManifest.read(shards))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("manifest.json is malformed")
        .hasMessageContaining(message);
  }

  @Test
  void aCutManifestIsRefusedInOneLine() throws IOException {
    Path manifest = shards.resolve("manifest.json");
    String good = Files.readString(manifest);
    for (String cut : List.of("", "{", good.substring(0, good.length() / 2))) {
      Files.writeString(manifest, cut);
      assertThatThrownBy(() -> ShardManifest.read(shards))
          .hasMessageMatching("manifest \\S+ is malformed: line \\d+: [^\n]*")
          .hasMessageNotContaining("Source");
    }
  }

  @Test
  void aManifestThatSaysSomethingElseThanItDidIsRefused() throws IOException {
    Path manifest = shards.resolve("manifest.json");
    Files.writeString(
        manifest,
        Files.readString(manifest).replaceFirst("\"lowerCase\" : true", "\"lowerCase\" : false"));
    assertThatThrownBy(() -> ShardManifest.read(shards))
        .isInstanceOf(CorpusException.class)
        .hasMessage(
            "manifest %s is damaged: it is not as it was written, by its own SHA-256; copy the"
                + " folder again or make it again with 'prepare'",
            manifest);
  }

  @Test
  void aDirectoryWithoutManifestIsRefused() {
    assertThatThrownBy(() -> ShardManifest.read(folder))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("is no directory of shards");
  }

  private static void truncate(Path file, long length) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(length);
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.seek(at);
      int before = opened.read();
      opened.seek(at);
      opened.write(before ^ 1);
    }
  }
}
