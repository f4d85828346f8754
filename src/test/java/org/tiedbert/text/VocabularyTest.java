package org.tiedbert.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
  @TempDir Path directory;

  @Test
  void findsTokensByIdAndIdsByToken() {
    // when: the special tokens stand where bert-base-uncased's do, between others
    Vocabulary vocabulary =
        Vocabulary.of(List.of("[PAD]", "a", "##b", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "語"));
    // then
    assertThat(vocabulary.size()).isEqualTo(8);
    assertThat(vocabulary.token(7)).isEqualTo("語");
    assertThat(vocabulary.idOf("##b")).isEqualTo(OptionalInt.of(2));
    assertThat(vocabulary.idOf("b")).isEmpty();
    assertThat(vocabulary.padId()).isEqualTo(0);
    assertThat(vocabulary.unkId()).isEqualTo(3);
    assertThat(vocabulary.clsId()).isEqualTo(4);
    assertThat(vocabulary.sepId()).isEqualTo(5);
    assertThat(vocabulary.maskId()).isEqualTo(6);
    assertThat(vocabulary.isSpecial(6)).isTrue();
    assertThat(vocabulary.isSpecial(1)).isFalse();
    assertThat(vocabulary.isContinuation(2)).isTrue();
    assertThat(vocabulary.isContinuation(7)).isFalse();
    assertThatThrownBy(() -> vocabulary.token(8)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void isTheSameAfterWritingAndReading() throws IOException {
    // given
    Vocabulary vocabulary = Vocabulary.of(withSpecial("a", "##é", "😀"));
    Path file = directory.resolve("vocab.txt");
    Files.writeString(file, "what was there before");
    // when
    vocabulary.write(file);
    Vocabulary read = Vocabulary.read(file);
    // then
    assertThat(Files.readString(file))
        .isEqualTo("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##é\n😀\n");
    assertThat(read.tokens()).isEqualTo(vocabulary.tokens());
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void hasTheDigestOfTheFileItWrites() throws IOException {
    // given: printf '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n' | sha256sum
    String expected = "271c7d38dd85366dc3a357106604ea5b212a5cbdaef9f46829f81402e8719f3e";
    Path file = directory.resolve("vocab.txt");
    Files.writeString(file, "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n[MASK]\r\na");
    // then: line ends and a missing last one make no difference
    assertThat(Vocabulary.of(withSpecial("a")).digest()).isEqualTo(expected);
    assertThat(Vocabulary.read(file).digest()).isEqualTo(expected);
  }

  @Test
  void refusesTokensThatAreNoLines() {
    assertThatThrownBy(() -> Vocabulary.of(withSpecial("a", "b", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("every token must come once, 'a' is both id 5 and id 7");
    assertThatThrownBy(() -> Vocabulary.of(withSpecial("a\nb")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a token must be a line of text, id 5 is 'a");
    assertThatThrownBy(() -> Vocabulary.of(withSpecial("")))
        .hasMessage("a token must be a line of text, id 5 is ''");
    assertThatThrownBy(() -> Vocabulary.of(withSpecial("\ud83d")))
        .hasMessageStartingWith("a token must be a line of text, id 5 is ");
    assertThatThrownBy(() -> Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]")))
        .hasMessageEndingWith("missing: [[MASK]]");
  }

  @Test
  void refusesFilesThatAreNoVocabulary() throws IOException {
    String special = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
    refuses(bytes(special + "a\n\nb\n"), "line 7: every line must hold a token, this one is empty");
    refuses(
        bytes(special + "a\nb\na\n"),
        "line 8: every token must come once, 'a' is already on line 6");
    refuses(
        bytes(special + "a\rb\n"),
        "line 6: every line must hold a token, this one holds a lone CR");
    refuses(new byte[] {'a', '\n', (byte) 0xc3, '\n'}, "line 2: a vocabulary must be UTF-8");
    refuses(
        bytes("{\n\"vocab\": 3\n"),
        "is no BERT vocabulary: of [[PAD], [UNK], [CLS], [SEP], [MASK]] its 2 lines lack");
    refuses(new byte[0], "has 0 bytes, a vocabulary has 1 to 67108864");
  }

  @Test
  void refusesWhatItCannotReadOrWrite() throws IOException {
    // given
    Path absent = directory.resolve("absent/vocab.txt");
    Path huge = directory.resolve("huge.txt");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength(VocabularyFile.MAX_BYTES + 1);
    }
    // then
    assertThatThrownBy(() -> Vocabulary.read(absent))
        .isInstanceOf(InputException.class)
        .hasMessage("there is no vocabulary file " + absent);
    assertThatThrownBy(() -> Vocabulary.read(directory))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("cannot read the vocabulary file " + directory);
    assertThatThrownBy(() -> Vocabulary.read(huge))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("huge.txt has 67108865 bytes");
    assertThatThrownBy(() -> Vocabulary.of(withSpecial()).write(absent))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("cannot write the vocabulary file " + absent);
  }

  private void refuses(byte[] content, String message) throws IOException {
    Path file = Files.write(directory.resolve("vocab.txt"), content);
    assertThatThrownBy(() -> Vocabulary.read(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  static List<String> withSpecial(String... tokens) {
    List<String> all = new ArrayList<>(Vocabulary.SPECIAL);
    all.addAll(List.of(tokens));
    return all;
  }
}
