package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.text.InputException;

class SavedModelEncoderTest {
  private static final int HIDDEN = TinyModel.ENCODER.hiddenSize();
  private static final float ROUNDING = 5e-6f;

  @TempDir static Path shared;
  private static Path exported;
  private static SavedModelEncoder encoder;

  @TempDir Path directory;

  @BeforeAll
  static void export() throws IOException {
    Path run = shared.resolve("run");
    TinyModel.writeRun(run, 30);
    exported = shared.resolve("export");
    new SavedModelExport(TinyModel.open(run)).write(exported);
    MoreFiles.deleteRecursively(run, RecursiveDeleteOption.ALLOW_INSECURE);
    encoder = SavedModelEncoder.load(exported);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void embedsAsTheMeanOfTheRealTokensLastStates() {
    // given: [CLS] the sea ##s [SEP]
    int[] ids = {2, 5, 6, 11, 3};
    float[] states = live(ids).features();
    float[] mean = new float[HIDDEN];
    for (int i = 0; i < states.length; i++) {
      mean[i % HIDDEN] += states[i] / ids.length;
    }
    // when
    float[][] embeddings = encoder.embed(List.of("The seas"));
    // then
    assertThat(embeddings).hasNumberOfRows(1);
    assertArrayEquals(mean, embeddings[0], ROUNDING);
  }

  @Test
  void embedsManyTextsInTheirOrderAsEachAlone() {
    // given: texts of nothing, of a few words, and of more than the model reads
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      texts.add(String.join(" ", Collections.nCopies(i % 30, "sea")) + (i % 2 == 0 ? " ." : ""));
    }
    // when
    float[][] together = encoder.embed(texts);
    // then
    for (int i = 0; i < 60; i++) {
      assertArrayEquals(encoder.embed(List.of(texts.get(i)))[0], together[i], ROUNDING);
    }
    // and what is beyond the longest sequence, 24 with [CLS] and [SEP], is left out
    assertArrayEquals(together[23], together[25], ROUNDING);
    assertThat(together[1]).isNotEqualTo(together[3]);
  }

  @Test
  void halfASurrogatePairIsNoCharacter() {
    assertThat(encoder.embed(List.of("the \uD83Dsea\uDEA2")))
        .isDeepEqualTo(encoder.embed(List.of("the sea")));
  }

  @Test
  void fillsManyTextsInTheirOrderAsEachAlone() {
    // given: of different lengths and numbers of masks, more than go into a run
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      texts.add("sea ".repeat(i % 17) + "[MASK] ".repeat(1 + i % 3));
    }
    // when
    List<List<List<Prediction>>> together = encoder.fillMask(texts, 2);
    // then
    assertThat(together).hasSize(200);
    for (int i = 0; i < 60; i++) {
      List<List<Prediction>> alone = encoder.fillMask(texts.get(i), 2);
      assertThat(together.get(i)).hasSameSizeAs(alone).hasSize(1 + i % 3);
      for (int mask = 0; mask < alone.size(); mask++) {
        Prediction expected = alone.get(mask).get(0);
        Prediction found = together.get(i).get(mask).get(0);
        assertThat(found.text()).isEqualTo(expected.text());
        assertThat(found.probability()).isCloseTo(expected.probability(), within(1e-5));
      }
    }
  }

  @Test
  void embedsNoTexts() {
    assertThat(encoder.embed(List.of())).isEmpty();
  }

  @Test
  void aMaskInATextToEmbedIsText() {
    // given: [CLS] [ mask ] [SEP], brackets being tokens of their own
    float[] states = live(2, 21, 23, 22, 3).features();
    // when
    float[] embedding = encoder.embed(List.of("[MASK]"))[0];
    // then
    float[] mean = new float[HIDDEN];
    for (int i = 0; i < states.length; i++) {
      mean[i % HIDDEN] += states[i] / 5;
    }
    assertArrayEquals(mean, embedding, ROUNDING);
  }

  @Test
  void fillsEveryMaskWithTheSoftmaxOfTheLiveLogits() {
    // given: [CLS] the [MASK] is [MASK] . [SEP]
    float[] logits = live(2, 5, 4, 7, 4, 13, 3).logits();
    int size = TinyModel.VOCABULARY.size();
    // when
    List<List<Prediction>> predictions = encoder.fillMask("The [MASK] is [MASK].", size);
    // then
    assertThat(predictions).hasSize(2);
    int[] places = {2, 4};
    for (int mask = 0; mask < 2; mask++) {
      float[] here = Arrays.copyOfRange(logits, places[mask] * size, (places[mask] + 1) * size);
      double sum = IntStream.range(0, size).mapToDouble(id -> Math.exp(here[id])).sum();
      double above = 1;
      for (Prediction prediction : predictions.get(mask)) {
        int id = TinyModel.VOCABULARY.idOf(prediction.token()).orElseThrow();
        assertThat(prediction.probability())
            .isCloseTo(Math.exp(here[id]) / sum, within(1e-5))
            .isLessThanOrEqualTo(above);
        above = prediction.probability();
      }
      assertThat(predictions.get(mask).stream().mapToDouble(Prediction::probability).sum())
          .isCloseTo(1, within(1e-5));
      assertThat(predictions.get(mask)).extracting(Prediction::token).doesNotHaveDuplicates();
    }
    assertThat(encoder.fillMask("The [MASK] is [MASK].", 3).get(1))
        .isEqualTo(predictions.get(1).subList(0, 3));
  }

  @Test
  void writesThePredictionIntoTheText() {
    List<List<Prediction>> predictions =
        encoder.fillMask("The [MASK] is [MASK].", TinyModel.VOCABULARY.size());
    assertThat(filled(predictions.get(0), "ship")).isEqualTo("The ship is [MASK].");
    assertThat(filled(predictions.get(1), "cold")).isEqualTo("The [MASK] is cold.");
    assertThat(filled(predictions.get(0), "##s")).isEqualTo("Thes is [MASK].");
  }

  @Test
  void refusesTextsItCannotFill() {
    assertThatThrownBy(() -> encoder.fillMask("the [mask]", 1))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a text must hold [MASK] where the model is to fill in a word, got 'the [mask]'");
    String tooLong = "a [MASK]" + " sea".repeat(20) + " [MASK] [MASK]";
    assertThatThrownBy(() -> encoder.fillMask(tooLong, 1))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "a text must hold all its masks within what the model reads of it, this one has 2 of 3"
                + " beyond; shorten it: '%s'",
            tooLong);
    for (int topK : new int[] {0, TinyModel.VOCABULARY.size() + 1}) {
      assertThatThrownBy(() -> encoder.fillMask("[MASK]", topK))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("topK must lie between 1 and the vocabulary's 24, got " + topK);
    }
  }

  @Test
  void threadsShareOneModel() throws Exception {
    // given
    List<String> texts = List.of("the sea", "a ship sails on it .", "");
    float[][] embeddings = encoder.embed(texts);
    List<List<Prediction>> predictions = encoder.fillMask("the [MASK]", 4);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    // when
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      futures.add(
          threads.submit(
              () -> {
                assertThat(encoder.embed(texts)).isDeepEqualTo(embeddings);
                assertThat(encoder.fillMask("the [MASK]", 4)).isEqualTo(predictions);
              }));
    }
    threads.shutdown();
    // then
    for (Future<?> future : futures) {
      future.get();
    }
  }

  @Test
  void refusesWhatIsNoSavedModelOrADamagedOne() throws IOException {
    assertThatThrownBy(() -> SavedModelEncoder.load(directory))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "no SavedModel at %s: %s is missing", directory, directory.resolve("saved_model.pb"));

    Path graph =
        Files.copy(exported.resolve("saved_model.pb"), directory.resolve("saved_model.pb"));
    assertThatThrownBy(() -> SavedModelEncoder.load(directory))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "SavedModel %s has variables, but its folder %s is missing",
            directory, directory.resolve("variables"));

    Path variables = Files.createDirectory(directory.resolve("variables"));
    assertThatThrownBy(() -> SavedModelEncoder.load(directory))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("no TensorFlow V2 checkpoint at %s", variables);

    Files.copy(exported.resolve("variables/variables.index"), variables.resolve("variables.index"));
    Path data = variables.resolve("variables.data-00000-of-00001");
    assertThatThrownBy(() -> SavedModelEncoder.load(directory))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("is not whole: %s is missing", data);

    byte[] whole = Files.readAllBytes(exported.resolve("variables/variables.data-00000-of-00001"));
    Files.write(data, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> SavedModelEncoder.load(directory))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(data.toString());

    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 1; // found by its CRC
    Files.write(data, damaged);
    assertThatThrownBy(() -> SavedModelEncoder.load(directory))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("SavedModel %s cannot be loaded: ", directory);

    Files.write(data, whole);
    String bytes = Files.readString(graph, StandardCharsets.ISO_8859_1);
    Files.writeString(
        graph, bytes.replace("bert/pooler", "bert/po?ler"), StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> SavedModelEncoder.load(directory))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("SavedModel %s cannot be loaded: ", directory);

    Files.writeString(graph, "no graph");
    assertThatThrownBy(() -> SavedModelEncoder.load(directory))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("SavedModel %s cannot be loaded: ", directory);
  }

  @Test
  void needsNothingButGraphAndVariables() throws IOException {
    // given: somebody else's SavedModel with such signatures
    Files.copy(exported.resolve("saved_model.pb"), directory.resolve("saved_model.pb"));
    Path variables = Files.createDirectory(directory.resolve("variables"));
    for (String name : List.of("variables.index", "variables.data-00000-of-00001")) {
      Files.copy(exported.resolve("variables").resolve(name), variables.resolve(name));
    }
    // when, then
    try (SavedModelEncoder bare = SavedModelEncoder.load(directory)) {
      assertThat(bare.embed(List.of("the sea"))).isDeepEqualTo(encoder.embed(List.of("the sea")));
      assertThat(bare.fillMask("the [MASK]", 2)).isEqualTo(encoder.fillMask("the [MASK]", 2));
      assertThat(bare.hiddenSize()).isEqualTo(HIDDEN);
      assertThatThrownBy(bare::vocabulary)
          .isInstanceOf(InputException.class)
          .hasMessageContaining(directory.resolve("assets.extra/vocab.txt").toString());
      assertThatThrownBy(bare::maxSeqLength)
          .isInstanceOf(InputException.class)
          .hasMessageContaining(directory.resolve("assets.extra/bert_config.json").toString());
    }
  }

  @Test
  void saysWhatItReads() {
    assertThat(encoder.hiddenSize()).isEqualTo(HIDDEN);
    assertThat(encoder.maxSeqLength()).isEqualTo(24);
    assertThat(encoder.vocabulary().tokens()).isEqualTo(TinyModel.VOCABULARY.tokens());
  }

  @Test
  void aCallAfterCloseIsAnError() {
    SavedModelEncoder closed = SavedModelEncoder.load(exported);
    closed.close();
    assertThatThrownBy(() -> closed.embed(List.of("the sea")))
        .isInstanceOf(IllegalStateException.class);
  }

  private static String filled(List<Prediction> predictions, String token) {
    return predictions.stream()
        .filter(prediction -> prediction.token().equals(token))
        .map(Prediction::text)
        .findFirst()
        .orElseThrow();
  }

  private static LiveModel.Outputs live(int... ids) {
    int[] ones = new int[ids.length];
    Arrays.fill(ones, 1);
    return LiveModel.run(
        TinyModel.ENCODER,
        TinyModel.values(TinyModel.ENCODER, 30),
        new int[][] {ids},
        new int[][] {ones},
        new int[1][ids.length]);
  }
}
