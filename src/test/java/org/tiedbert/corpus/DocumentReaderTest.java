package org.tiedbert.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentReaderTest {
  @TempDir Path folder;

  @Test
  void aBlankLineEndsADocumentAndALineIsAParagraph() throws IOException {
    write("a.txt", "\uFEFFone\r\ntwo\n\n \t\n\nthree\n\n");
    assertThat(read("a.txt"))
        .containsExactly(new Document(0, List.of("one", "two")), new Document(1, List.of("three")));
  }

  @Test
  void aJsonLineIsADocumentWhoseLinesAreParagraphs() throws IOException {
    write(
        "a.jsonl",
        "{\"id\": [1, {\"text\": 2}], \"text\": \"one\\n\\ntw\\u00f6\"}\n\n{\"text\": \"\"}\n"
            + "{\"text\": \"three\", \"x\": null}");
    assertThat(read("a.jsonl"))
        .containsExactly(new Document(0, List.of("one", "twö")), new Document(1, List.of("three")));
  }

  @Test
  void filesAreReadInTheOrderOfTheirPathsAndOnce() throws IOException {
    Files.createDirectories(folder.resolve("b/c"));
    write("b/c/2.txt", "second");
    write("b/1.txt", "first");
    write("b/skipped.md", "no");
    assertThat(read("b/**.txt", "b/1.txt", "b/?.txt"))
        .extracting(Document::paragraphs)
        .containsExactly(List.of("first"), List.of("second"));
    assertThat(read("b/*.txt")).hasSize(1);
    assertThat(read("b/{1,7}.txt")).hasSize(1);
  }

  @Test
  void aFileWhoseNameLooksLikeAGlobCanBeGiven() throws IOException {
    write("a[1].txt", "bracket");
    assertThat(read("a[1].txt")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "xz", "zst"})
  void compressedFilesAreReadToTheEndOfTheLastStream(String suffix) throws IOException {
    // given: two compressed streams, one behind the other
    byte[] joined = join(compress(suffix, "one\n\ntw"), compress(suffix, "o\n"));
    Files.write(folder.resolve("a.txt." + suffix), joined);
    // when
    List<Document> documents = read("a.txt." + suffix);
    // then
    assertThat(documents)
        .extracting(Document::paragraphs)
        .containsExactly(List.of("one"), List.of("two"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "xz", "zst"})
  void aCutCompressedFileIsAnError(String suffix) throws IOException {
    byte[] whole = compress(suffix, "word ".repeat(100));
    Files.write(folder.resolve("a.txt." + suffix), Arrays.copyOf(whole, whole.length - 6));
    assertThatThrownBy(() -> read("a.txt." + suffix))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("a.txt." + suffix)
        .hasMessageContaining("after line 0");
  }

  @Test
  void aByteThatIsNotUtf8IsAnErrorWithItsLine() throws IOException {
    Files.write(folder.resolve("a.txt"), new byte[] {'a', '\n', 'b', (byte) 0xE9, 'c', '\n'});
    assertThatThrownBy(() -> read("a.txt"))
        .isInstanceOf(CorpusException.class)
        .hasMessageEndingWith(
            "a.txt, line 2: byte 2 of the line is not UTF-8 (0xE9); convert the file to UTF-8");
  }

  @Test
  void theReplacementCharacterItselfIsText() throws IOException {
    write("a.txt", "a\uFFFDb");
    assertThat(read("a.txt")).containsExactly(new Document(0, List.of("a\uFFFDb")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\": 1}",
        "{\"texts\": \"a\"}",
        "[\"text\"]",
        "{\"text\": \"a\"",
        "{\"text\": \"a\"} {}",
        "{\"text\": \"a\", \"text\": \"b\"}",
        "{\"text\": \"\\ud800\"}"
      })
  void aMalformedJsonLineIsAnErrorWithItsLine(String line) throws IOException {
    write("a.jsonl", "{\"text\": \"fine\"}\n" + line + "\n");
    assertThatThrownBy(() -> read("a.jsonl"))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("a.jsonl, line 2: ");
  }

  @Test
  void aGlobWithoutFilesIsAnError() {
    assertThatThrownBy(() -> read("*.txt"))
        .isInstanceOf(CorpusException.class)
        .hasMessageContaining("*.txt' names no file");
    assertThatThrownBy(() -> read("missing/a.txt")).isInstanceOf(CorpusException.class);
    assertThatThrownBy(() -> read("*[.txt")).isInstanceOf(CorpusException.class);
  }

  @Test
  void aFileOfAnotherKindIsAnError() throws IOException {
    write("a.csv", "a");
    assertThatThrownBy(() -> read("a.csv")).hasMessageContaining("ending in .txt or .jsonl");
  }

  @Test
  void aLongDocumentComesInPieces() throws IOException {
    // given: 3 paragraphs of 600,000 characters, then a document of its own
    String paragraph = "x".repeat(600_000);
    write("a.txt", String.join("\n", paragraph, paragraph, paragraph, "", "y"));
    // when
    List<Document> pieces = read("a.txt");
    // then
    assertThat(pieces).extracting(Document::index).containsExactly(0L, 0L, 1L);
    assertThat(pieces.get(0).paragraphs()).hasSize(2);
  }

  @Test
  void aDocumentThatEndsWithAPieceDoesNotSwallowTheNext() throws IOException {
    write("a.txt", "x".repeat(DocumentReader.MAX_PIECE_CHARS) + "\n\ny\n");
    write("b.txt", "x".repeat(DocumentReader.MAX_PIECE_CHARS));
    write("c.txt", "z");
    assertThat(read("?.txt")).extracting(Document::index).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  void countsTheBytesOnDisk() throws IOException {
    write("a.txt", "one\n\ntwo\n");
    write("b.txt", "three\n");
    try (DocumentReader reader = new DocumentReader(List.of(folder + "/*.txt"))) {
      assertThat(reader.totalBytes()).isEqualTo(15);
      assertThat(reader.bytesRead()).isZero();
      assertThat(reader.paragraphs()).containsExactly("one", "two", "three");
      assertThat(reader.bytesRead()).isEqualTo(15);
    }
  }

  private List<Document> read(String... globs) {
    List<Document> documents = new ArrayList<>();
    List<String> absolute = Arrays.stream(globs).map(glob -> folder + "/" + glob).toList();
    try (DocumentReader reader = new DocumentReader(absolute)) {
      reader.forEachRemaining(documents::add);
    }
    return documents;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static byte[] compress(String suffix, String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = compressor(suffix, bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static OutputStream compressor(String suffix, OutputStream out) throws IOException {
    return switch (suffix) {
      case "gz" -> new GZIPOutputStream(out);
      case "bz2" -> new BZip2CompressorOutputStream(out);
      case "xz" -> new XZCompressorOutputStream(out);
      default -> new ZstdOutputStream(out);
    };
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
