package org.tiedbert.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Range;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.corpus.CorpusException;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.ShardWriter;
import org.tiedbert.corpus.Split;
import org.tiedbert.text.Vocabulary;

class BatchSourceTest {
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e"));
  private static final int NUM_SEQUENCES = 25;

  @TempDir Path folder;

  /** Record i is [CLS] 5 + i/5 5 + i%5 [SEP], its label i%2. */
  @BeforeEach
  void writeShards() {
    try (ShardWriter writer =
        new ShardWriter(folder.resolve("shards"), ShardWriter.Layout.of(VOCABULARY, 4, true))) {
      for (int i = 0; i < NUM_SEQUENCES; i++) {
        writer.write(
            Split.TRAIN, new int[] {2, 5 + i / 5, 5 + i % 5, 3}, new int[] {0, 0, 1, 1}, i % 2);
      }
      writer.finish();
    }
  }

  private ShardReader open() {
    return ShardReader.open(folder.resolve("shards"), Split.TRAIN, VOCABULARY);
  }

  @Test
  void rowsAreTheRecordsOfTheShuffle() {
    GlobalShuffle shuffle = new GlobalShuffle(NUM_SEQUENCES, 9);
    try (ShardReader shards = open();
        BatchSource source =
            new BatchSource(
                shards,
                9,
                BatchShare.of(4, 4, 1, 0),
                0,
                BatchCursor.START,
                SkippedSequences.NONE)) {
      for (int step = 0; step < 20; step++) { // three epochs, the second begins within a batch
        Batch batch = source.next();
        for (int row = 0; row < 4; row++) {
          int record = (int) shuffle.recordAt(step * 4 + row);
          assertThat(batch.records()[row]).isEqualTo(record);
          assertThat(Arrays.copyOfRange(batch.inputIds(), row * 4, row * 4 + 4))
              .containsExactly(2, 5 + record / 5, 5 + record % 5, 3);
          assertThat(Arrays.copyOfRange(batch.segmentIds(), row * 4, row * 4 + 4))
              .containsExactly(0, 0, 1, 1);
          assertThat(batch.nextSentenceLabels()[row]).isEqualTo(record % 2);
        }
        assertThat(source.cursor()).isEqualTo(new BatchCursor(4L * (step + 1)));
      }
    }
  }

  @Test
  void aResumedSourceGoesOnWithTheSameBatches() {
    try (ShardReader shards = open();
        BatchSource whole =
            new BatchSource(
                shards,
                9,
                BatchShare.of(7, 7, 1, 0),
                0,
                BatchCursor.START,
                SkippedSequences.NONE)) {
      BatchCursor cursor = null;
      for (int step = 0; step < 5; step++) {
        whole.next();
        cursor = whole.cursor();
      }
      try (BatchSource resumed =
          new BatchSource(shards, 9, BatchShare.of(7, 7, 1, 0), 0, cursor, SkippedSequences.NONE)) {
        for (int step = 0; step < 10; step++) {
          assertThat(resumed.next()).usingRecursiveComparison().isEqualTo(whole.next());
        }
      }
    }
  }

  @Test
  void skippedPlacesAreNotRead() {
    GlobalShuffle shuffle = new GlobalShuffle(NUM_SEQUENCES, 9);
    SkippedSequences skipped =
        new SkippedSequences(
            List.of(
                Range.closedOpen(12L, 20L), Range.closedOpen(4L, 8L), Range.closedOpen(8L, 16L)));
    try (ShardReader shards = open();
        BatchSource source =
            new BatchSource(shards, 9, BatchShare.of(4, 4, 1, 0), 0, BatchCursor.START, skipped)) {
      for (long start : new long[] {0, 20, 24}) {
        assertThat(source.next().records())
            .containsExactly(LongStream.range(start, start + 4).map(shuffle::recordAt).toArray());
        assertThat(source.cursor()).isEqualTo(new BatchCursor(start + 4));
      }
    }
  }

  @Test
  void aDamagedRecordStopsTheSourceAtItsBatch() throws IOException {
    // given: the record of position 20 is damaged after opening
    GlobalShuffle shuffle = new GlobalShuffle(NUM_SEQUENCES, 9);
    try (ShardReader shards = open()) {
      long recordBytes = shards.manifest().train().shards().get(0).bytes() / NUM_SEQUENCES;
      Path shard = folder.resolve("shards/train-00000-of-00001.tfrecord");
      try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "rw")) {
        file.seek(shuffle.recordAt(20) * recordBytes + 20);
        file.write(0);
      }
      // when
      try (BatchSource source =
          new BatchSource(
              shards, 9, BatchShare.of(4, 4, 1, 0), 0, BatchCursor.START, SkippedSequences.NONE)) {
        IntStream.range(0, 5).forEach(step -> source.next());
        // then
        for (int attempt = 0; attempt < 2; attempt++) {
          assertThatThrownBy(source::next)
              .isInstanceOf(CorpusException.class)
              .hasMessageContaining(
                  shard + " is damaged at byte " + shuffle.recordAt(20) * recordBytes);
        }
        assertThat(source.cursor()).isEqualTo(new BatchCursor(20));
      }
    }
  }

  @Test
  void aClosedSourceGivesNothing() {
    try (ShardReader shards = open()) {
      BatchSource source =
          new BatchSource(
              shards, 9, BatchShare.of(4, 4, 1, 0), 0, BatchCursor.START, SkippedSequences.NONE);
      source.close();
      source.close();
      assertThatThrownBy(source::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the source of batches is closed");
    }
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    try (ShardReader empty =
        ShardReader.open(folder.resolve("shards"), Split.HELD_OUT, VOCABULARY)) {
      assertThatThrownBy(
              () ->
                  new BatchSource(
                      empty,
                      9,
                      BatchShare.of(4, 4, 1, 0),
                      0,
                      BatchCursor.START,
                      SkippedSequences.NONE))
          .hasMessageContaining("the shards hold none for held-out");
    }
    assertThatThrownBy(() -> new BatchCursor(-1)).hasMessageContaining("must not be negative");
  }
}
