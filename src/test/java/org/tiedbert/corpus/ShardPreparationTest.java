package org.tiedbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tiedbert.text.BertTokenizer;
import org.tiedbert.text.Vocabulary;

class ShardPreparationTest {
  @TempDir Path folder;
  private Path vocabulary;

  static List<Packing> packings() {
    return List.of(
        new Packing.WithinDocument(4), new Packing.AcrossDocuments(4), Packing.BERT_SENTENCE_PAIRS);
  }

  @BeforeEach
  void writeVocabularyAndText() throws IOException {
    vocabulary = folder.resolve("vocab.txt");
    TinyVocabulary.letters().write(vocabulary);
    writeText("a.txt", 600, 40);
  }

  /** Documents of three paragraphs of random words of two letters. */
  private void writeText(String name, int numDocuments, int wordsPerParagraph) throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int document = 0; document < numDocuments; document++) {
      for (int paragraph = 0; paragraph < 3; paragraph++) {
        for (int word = 0; word < wordsPerParagraph; word++) {
          text.append((char) ('a' + random.nextInt(26))).append((char) ('a' + document % 26));
          text.append(word % 12 == 11 ? ". A " : " ");
        }
        text.append("\n");
      }
      text.append("\n");
    }
    Files.writeString(folder.resolve(name), text);
  }

  private PreparationSettings settings(String output) {
    return PreparationSettings.of(List.of(folder + "/a.txt"), vocabulary, folder.resolve(output))
        .withMaxSeqLength(64)
        .withHeldOutFraction(0.05)
        .withMaxShardBytes(500_000);
  }

  @ParameterizedTest
  @MethodSource("packings")
  void theBytesDoNotDependOnTheNumberOfThreads(Packing packing) throws IOException {
    // given: 1.3 million characters, two chunks to train on and one held out
    writeText("a.txt", 120, 1200);
    // when
    for (int threads : new int[] {1, 3}) {
      new ShardPreparation(settings("threads-" + threads).withPacking(packing).withThreads(threads))
          .run(progress -> {});
    }
    List<Path> names = new ArrayList<>();
    try (var files = Files.list(folder.resolve("threads-1"))) {
      files.map(Path::getFileName).forEach(names::add);
    }
    // then
    assertThat(names).hasSizeGreaterThan(4);
    for (Path name : names) {
      assertThat(folder.resolve("threads-3").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("threads-1").resolve(name));
    }
  }

  @Test
  void theTokensAreThoseOfTheTextInOrder() throws IOException {
    // given: nothing held out, nothing dropped
    var settings =
        settings("whole").withHeldOutFraction(0).withPacking(new Packing.WithinDocument(1));
    PreparationResult result = new ShardPreparation(settings).run(progress -> {});
    // when
    List<Integer> found = new ArrayList<>();
    Vocabulary letters = Vocabulary.read(vocabulary);
    try (ShardReader reader = ShardReader.open(settings.output(), Split.TRAIN, letters)) {
      int[] ids = new int[64];
      for (long i = 0; i < reader.numSequences(); i++) {
        reader.read(i, ids, new int[64], 0);
        assertThat(ids[0]).isEqualTo(TinyVocabulary.CLS);
        for (int id : ids) {
          if (id != TinyVocabulary.CLS && id != TinyVocabulary.SEP && id != TinyVocabulary.PAD) {
            found.add(id);
          }
        }
      }
    }
    // then
    List<Integer> expected = new ArrayList<>();
    try (BertTokenizer tokenizer = new BertTokenizer(letters, true)) {
      for (String line : Files.readAllLines(folder.resolve("a.txt"))) {
        for (int id : tokenizer.encode(line)) {
          expected.add(id);
        }
      }
    }
    assertThat(found).isEqualTo(expected);
    assertThat(result.numDocuments()).isEqualTo(600);
    assertThat(result.numTextTokens()).isEqualTo(expected.size());
    assertThat(result.numDroppedTokens()).isZero();
    assertThat(result.manifest()).isEqualTo(ShardManifest.read(settings.output()));
    assertThat(result.fillRate()).isBetween(0.8, 1.0);
  }

  @Test
  void documentsAreHeldOutBySeed() {
    ShardManifest one = new ShardPreparation(settings("one")).run(progress -> {}).manifest();
    ShardManifest two =
        new ShardPreparation(settings("two").withSeed(2)).run(progress -> {}).manifest();
    double share =
        (double) one.heldOut().numTokens() / (one.heldOut().numTokens() + one.train().numTokens());
    assertThat(share).isBetween(0.015, 0.085); // 0.05 ± 4σ, σ² = 0.05 · 0.95 / 600
    assertThat(one.heldOut().shards()).isNotEqualTo(two.heldOut().shards());
  }

  @Test
  void copiesOfADocumentFallIntoOneSplit() throws IOException {
    Files.writeString(folder.resolve("b.txt"), "the same text again and again\n\n".repeat(2000));
    var settings =
        new PreparationSettings(
            List.of(folder + "/b.txt"),
            vocabulary,
            folder.resolve("copies"),
            true,
            64,
            Packing.DEFAULT,
            0.5,
            1,
            2,
            1 << 20);
    assertThatThrownBy(() -> new ShardPreparation(settings).run(progress -> {}))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("2000 documents");
    assertThat(settings.output()).doesNotExist();
  }

  @Test
  void progressReachesTheEnd() {
    List<PreparationProgress> reports = new ArrayList<>();
    new ShardPreparation(settings("progress")).run(reports::add);
    assertThat(reports).hasSizeGreaterThan(1);
    PreparationProgress last = reports.get(reports.size() - 1);
    assertThat(last.bytesRead()).isEqualTo(last.totalBytes()).isPositive();
    assertThat(last.numSequences()).isPositive();
  }

  @Test
  void anErrorInTheTextLeavesNothing() throws IOException {
    Files.write(folder.resolve("b.txt"), new byte[] {'a', '\n', (byte) 0xFF, '\n'});
    Path text = folder.resolve("b.txt");
    Path letters = Files.move(vocabulary, folder.resolve("letters.vocab"));
    var settings =
        PreparationSettings.of(List.of(folder + "/*.txt"), letters, folder.resolve("out"));
    assertThatThrownBy(() -> new ShardPreparation(settings).run(progress -> {}))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining(text + ", line 2: byte 1 of the line is not UTF-8");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("a.txt", "b.txt", "letters.vocab");
    }
  }

  @Test
  void aFailingCallbackLeavesNothing() {
    var settings = settings("failed");
    assertThatThrownBy(
            () ->
                new ShardPreparation(settings)
                    .run(
                        progress -> {
                          throw new IllegalStateException("stopped");
                        }))
        .hasMessage("stopped");
    assertThat(settings.output()).doesNotExist();
    assertThat(folder.resolve(".failed.partial")).doesNotExist();
  }

  @Test
  void anExistingOutputIsRefusedBeforeAnyWork() throws IOException {
    Files.createDirectories(folder.resolve("out/x"));
    assertThatThrownBy(() -> new ShardPreparation(settings("out")))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("is not empty; name another directory");
    Files.delete(folder.resolve("out/x"));
    new ShardPreparation(settings("out")).run(progress -> {});
    assertThat(folder.resolve("out/manifest.json")).exists();
  }

  @Test
  void theTokenizerAloneHasARate() {
    assertThat(new ShardPreparation(settings("x")).tokenizerTokensPerSecond(Duration.ofMillis(50)))
        .isPositive();
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> settings("x").withMaxSeqLength(9).withPacking(Packing.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "maxSeqLength must lie in [10, 65536] for packing within documents, minTokens 8, got 9");
    assertThatThrownBy(() -> settings("x").withHeldOutFraction(1))
        .hasMessage("heldOutFraction must lie in [0, 1), got 1.0");
    assertThatThrownBy(() -> settings("x").withThreads(0)).hasMessageContaining("threads");
    assertThatThrownBy(() -> settings("x").withMaxShardBytes(0)).hasMessageContaining("maxShard");
  }
}
