package org.tiedbert.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tiedbert.text.InputException;

/** Whatever a file of the folder holds: a model, or an {@link InputException} and no output. */
class HuggingFaceDamageTest {
  /** What is put into headers and configurations, in the place of any number. */
  private static final String[] NUMBERS = {
    "0", "-1", "1", "7", "2147483647", "2147483648", "4294967296", "9223372036854775807",
    "18446744073709551616", "1e308", "0.5", "null", "[]", "\"\"", "{}", "true"
  };

  @TempDir Path folder;
  private Path theirs;

  @BeforeEach
  void nameFolder() {
    theirs = folder.resolve("theirs");
  }

  @ParameterizedTest
  @CsvSource({
    "pretraining, model.safetensors",
    "pretraining, config.json",
    "pretraining, tokenizer.json",
    "pretraining, tokenizer_config.json",
    "sharded, model.safetensors.index.json",
    "sharded, model-00002-of-00002.safetensors",
    "sharded, config.json",
  })
  void aChangedFileIsRefusedOrAnotherModel(String golden, String name) throws Exception {
    // given
    copy(HuggingFaceTest.golden(golden));
    byte[] whole = Files.readAllBytes(theirs.resolve(name));
    // then: each file by itself, and then all of what is read of a folder
    assertRefusesSome(name, mutations(whole, 1, 600), this::readFiles);
    assertRefusesSome(name, mutations(whole, 2, 30), this::readModel);
  }

  private static Stream<byte[]> mutations(byte[] whole, long seed, int count) {
    Random random = new Random(seed);
    return Stream.generate(() -> mutated(whole, random)).limit(count);
  }

  private void assertRefusesSome(String name, Stream<byte[]> mutations, Runnable reading)
      throws IOException {
    int numRefused = 0;
    List<byte[]> all = mutations.toList();
    for (byte[] mutated : all) {
      Files.write(theirs.resolve(name), mutated);
      try {
        reading.run();
      } catch (InputException e) {
        assertThat(e.getMessage()).contains(theirs.toString()).hasSizeLessThan(2000);
        numRefused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("not refused but failed over:\n" + text(mutated), e);
      }
    }
    assertThat(numRefused).isGreaterThan(all.size() / 10);
  }

  private void readFiles() {
    HuggingFaceConfig config = HuggingFaceConfig.read(theirs);
    if (config.classifiesSentences()) {
      config.labels(3);
    }
    HuggingFaceTokenizer.read(theirs);
    try (SafetensorsFolder tensors = SafetensorsFolder.open(theirs)) {
      tensors.names().forEach(tensors::floats);
    }
  }

  private void readModel() {
    try (ForeignModel model = HuggingFace.open(theirs)) {
      RequiredParameters.check(
          model.config().encoder(), model.labels(), model.parameters(), model::shape, theirs);
      for (String parameter : model.parameters()) {
        assertThat(model.values(parameter)).hasSize((int) model.shape(parameter).size());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"pretraining, model.safetensors", "sharded, model-00001-of-00002.safetensors"})
  void aCutFileOfTensorsIsRefused(String golden, String name) throws Exception {
    copy(HuggingFaceTest.golden(golden));
    byte[] whole = Files.readAllBytes(theirs.resolve(name));
    for (int length = 0; length < whole.length; length += 1 + length / 50) {
      Files.write(theirs.resolve(name), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> HuggingFace.open(theirs))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(InteropException.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void damageFoundWhileWritingLeavesNothing() throws Exception {
    // given: a file that is cut after it was opened
    copy(HuggingFaceTest.golden("pretraining"));
    Path file = theirs.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(file);
    try (ForeignModel model = HuggingFace.open(theirs)) {
      Files.write(file, Arrays.copyOf(whole, whole.length - 1));
      // then
      assertThatThrownBy(() -> new ModelImport(model, theirs).write(folder.resolve("ours")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("has become shorter since it was opened");
    }
    assertThat(folder.toFile().list()).containsExactly("theirs");
  }

  @Test
  void oneWeightOfAnotherTypeIsRefusedByName() throws Exception {
    // given: 10 · 8 numbers of 4 bytes are 40 · 8 of one byte each
    copy(HuggingFaceTest.golden("pretraining"));
    Path file = theirs.resolve("model.safetensors");
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    String word = "word_embeddings.weight\":{\"dtype\":\"F32\",\"shape\":[10,8]";
    assertThat(text).contains(word);
    Files.writeString(
        file,
        text.replace(word, "word_embeddings.weight\":{\"dtype\":\"I32\",\"shape\":[10,8]"),
        StandardCharsets.ISO_8859_1);
    // then
    try (ForeignModel model = HuggingFace.open(theirs)) {
      assertThatThrownBy(() -> new ModelImport(model, theirs).write(folder.resolve("ours")))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(
              "tensor bert.embeddings.word_embeddings.weight must be F32, F16, BF16 or F64, it is"
                  + " I32");
    }
    assertThat(folder.toFile().list()).containsExactly("theirs");
  }

  private void copy(Path golden) throws IOException {
    Files.createDirectory(theirs);
    try (Stream<Path> files = Files.list(golden)) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        Files.copy(file, theirs.resolve(file.getFileName().toString()));
      }
    }
  }

  /** A few bytes changed, taken out or repeated; a number made another; cut off. */
  private static byte[] mutated(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int n = random.nextInt(3); n >= 0; n--) {
      int at = random.nextInt(Math.min(bytes.length, 8000));
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = spliced(bytes, at, Math.min(at + random.nextInt(9), bytes.length), "");
        case 3 -> {
          int end = Math.min(at + random.nextInt(40), bytes.length);
          String part = text(Arrays.copyOfRange(bytes, at, end));
          bytes = spliced(bytes, end, end, part);
        }
        default -> bytes = withNumber(bytes, at, NUMBERS[random.nextInt(NUMBERS.length)]);
      }
      if (bytes.length == 0) {
        return bytes;
      }
    }
    return random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  /** The next number behind an offset becomes another; a header keeps its length if it can. */
  private static byte[] withNumber(byte[] bytes, int offset, String number) {
    int start = offset;
    while (start < bytes.length && !Character.isDigit(bytes[start])) {
      start++;
    }
    int end = start;
    while (end < bytes.length && Character.isDigit(bytes[end])) {
      end++;
    }
    byte[] changed = spliced(bytes, start, end, number);
    if (bytes.length > 8 && bytes[8] == '{' && start > 8) {
      int more = changed.length - bytes.length;
      int length = (bytes[0] & 0xff | (bytes[1] & 0xff) << 8) + more;
      changed[0] = (byte) length;
      changed[1] = (byte) (length >> 8);
    }
    return changed;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, String replacement) {
    String all = text(bytes);
    return (all.substring(0, from) + replacement + all.substring(to))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
