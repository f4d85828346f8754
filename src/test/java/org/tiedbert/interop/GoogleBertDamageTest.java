package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tiedbert.Mutations;
import org.tiedbert.checkpoint.TensorBundle;
import org.tiedbert.model.ModelPart;
import org.tiedbert.text.InputException;

/** Whatever a file of the folder holds: the model, or an {@link InputException} and no output. */
class GoogleBertDamageTest {
  private static final String DATA = "bert_model.ckpt.data-00000-of-00001";
  private static final String INDEX = "bert_model.ckpt.index";
  private static final int NUM_MUTATIONS = 150;

  @TempDir Path folder;
  private Path google;
  private Path target;

  @BeforeEach
  void makeFolder() {
    google = folder.resolve("google");
    target = folder.resolve("target");
    GoogleBert.write(TinyBert.write(folder.resolve("ours"), EnumSet.of(ModelPart.POOLER)), google);
  }

  @ParameterizedTest
  @ValueSource(strings = {INDEX, DATA, "bert_config.json", "vocab.txt"})
  void aCutFileIsRefused(String name) throws IOException {
    // given: the whole file without its last token or end of line is as good
    byte[] whole = Files.readAllBytes(google.resolve(name));
    int most = name.equals("vocab.txt") ? whole.length - 1 - ".\n".length() : whole.length - 3;
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      int length = i == 0 ? 0 : random.nextInt(most);
      Files.write(google.resolve(name), Arrays.copyOf(whole, length));
      // when, then
      assertThatThrownBy(this::importModel)
          .as("%s, %d of %d bytes", name, length, whole.length)
          .isInstanceOf(InputException.class)
          .hasMessageContaining(google.toString());
      assertNothingWritten();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {INDEX, DATA, "bert_config.json", "vocab.txt"})
  void aChangedFileIsRefusedOrAnotherModel(String name) throws IOException {
    // given
    byte[] whole = Files.readAllBytes(google.resolve(name));
    int numRefused = 0;
    for (byte[] mutated : Mutations.of(whole, 5, NUM_MUTATIONS).toList()) {
      Files.write(google.resolve(name), mutated);
      // when
      try {
        importModel();
        TinyBert.open(target); // whole
        deleteTarget();
      } catch (InputException e) {
        assertThat(e.getMessage()).contains(google.toString());
        numRefused++;
      }
      assertNothingWritten();
    }
    // then
    assertThat(numRefused).isPositive();
  }

  @Test
  void everyBitOfTheDataCounts() throws IOException {
    byte[] whole = Files.readAllBytes(google.resolve(DATA));
    Random random = new Random(7);
    for (int i = 0; i < 100; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(google.resolve(DATA), flipped);
      assertThatThrownBy(this::importModel)
          .isInstanceOf(InteropException.class)
          .hasMessageContaining("its CRC in %s is not right", google.resolve(DATA));
      assertNothingWritten();
    }
  }

  @Test
  void configurationsThatLieAreRefused() throws IOException {
    String config = Files.readString(google.resolve("bert_config.json"));
    for (String key :
        List.of(
            "hidden_size",
            "intermediate_size",
            "max_position_embeddings",
            "num_attention_heads",
            "num_hidden_layers",
            "type_vocab_size",
            "vocab_size")) {
      for (String value :
          List.of(
              "2147483646", "1e300", "99999999999999999999", "-2", "0", "null", "[2]", "\"8\"")) {
        String lie = config.replaceFirst("(\"%s\" : )[0-9]+".formatted(key), "$1" + value);
        assertThat(lie).isNotEqualTo(config);
        Files.writeString(google.resolve("bert_config.json"), lie);
        assertThatThrownBy(this::importModel)
            .as("%s %s", key, value)
            .isInstanceOf(InputException.class)
            .hasMessageContaining(google.toString());
        assertNothingWritten();
      }
    }
    Files.writeString(google.resolve("bert_config.json"), "[".repeat(100_000));
    assertThatThrownBy(this::importModel).isInstanceOf(InteropException.class);
    Files.write(google.resolve("bert_config.json"), new byte[2 << 20]);
    assertThatThrownBy(this::importModel)
        .isInstanceOf(InteropException.class)
        .hasMessageContaining("must have 1048576 bytes or fewer, it has 2097152");
    Files.writeString(
        google.resolve("bert_config.json"), config.replace("{", "{\"vocab_size\": 10,"));
    assertThatThrownBy(this::importModel)
        .isInstanceOf(InteropException.class)
        .hasMessageContaining("is no valid JSON: Duplicate field 'vocab_size'");
  }

  private void importModel() {
    try (ForeignModel model = GoogleBert.open(google)) {
      new ModelImport(model, google).write(target);
    }
  }

  private void deleteTarget() throws IOException {
    try (TensorBundle bundle = TensorBundle.open(target.resolve("model.ckpt"))) {
      bundle.names().forEach(name -> assertThat(bundle.floats(name)).isNotEmpty());
    }
    for (String name : target.toFile().list()) {
      Files.delete(target.resolve(name));
    }
    Files.delete(target);
  }

  private void assertNothingWritten() {
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("ours", "google");
  }
}
