package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.text.Vocabulary;

class MainTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path text;
  private Path vocab;

  @BeforeEach
  void writeText() throws IOException {
    StringBuilder documents = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      documents.append("The quick brown fox number %d jumps over the lazy dog.\n".formatted(i));
      documents.append("It was seen by nobody but the dog, who slept on.\n\n");
    }
    text = Files.writeString(folder.resolve("some text.txt"), documents);
    vocab = folder.resolve("made/vocab.txt");
  }

  @Test
  void makesAVocabularyAndShardsOfText() {
    assertThat(vocab("90")).as(err.toString()).isZero();
    assertThat(Vocabulary.read(vocab).size()).isEqualTo(90);
    assertThat(out.toString())
        .contains("vocab.txt: 90 tokens from 6.")
        .contains(" kB of files in ");

    assertThat(prepare("--max-seq-length", "16", "--held-out", "0.2")).as(err.toString()).isZero();
    assertThat(folder.resolve("shards/manifest.json")).exists();
    assertThat(out.toString())
        .containsPattern("documents +60\n")
        .containsPattern(
            "training +[\\d,]+ sequences in 1 shards, unigram entropy \\d\\.\\d{3} nats")
        .containsPattern("fill rate +\\d+\\.\\d%")
        .containsPattern("speed +[\\d,]+ tokens/s, \\d+% of the tokenizer alone");
  }

  @Test
  void makesSentencePairs() {
    vocab("90");
    assertThat(prepare("--nsp", "--max-seq-length", "32", "--held-out", "0.2"))
        .as(err.toString())
        .isZero();
    assertThat(folder.resolve("shards/manifest.json")).content().contains("sentence pairs");
  }

  @Test
  void neverOverwrites() throws IOException {
    vocab("90");
    byte[] before = Files.readAllBytes(vocab);
    assertThat(vocab("80")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s exists; name another --output, or delete this one\n".formatted(vocab));
    assertThat(vocab).hasBinaryContent(before);
  }

  @Test
  void saysWhenTheTextHasTooFewPieces() {
    assertThat(vocab("5000")).isZero();
    assertThat(err.toString()).contains("The text has no more; 5,000 were asked for.");
  }

  @Test
  void settingsOutOfRangeAreUsageErrors() {
    assertThat(vocab("3")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            """
            tiedbert: vocabSize must be at least 5, got 3
            'tiedbert vocab --help' shows how it is used.
            """);
    assertThat(prepare("--held-out", "2")).isEqualTo(2);
    assertThat(err.toString()).contains("heldOutFraction must lie in [0, 1), got 2.0");
    assertThat(prepare("--threads", "0")).isEqualTo(2);
    assertThat(prepare("--nsp", "--across-documents")).isEqualTo(2);
    assertThat(folder.resolve("shards")).doesNotExist();
  }

  @Test
  void anOptionThatIsMisspeltIsNoInput() {
    assertThat(
            run(
                "vocab",
                "--size",
                "90",
                "--output",
                vocab.toString(),
                "--input",
                text.toString(),
                "--min-frequenzy",
                "3"))
        .isEqualTo(2);
    assertThat(err.toString())
        .startsWith("tiedbert: Unknown option: '--min-frequenzy'\n")
        .contains("--min-frequency");
    assertThat(vocab).doesNotExist();
  }

  @Test
  void textWithoutAWordMakesNoVocabulary() throws IOException {
    Files.writeString(text, " \n\n\0\n");
    assertThat(vocab("90")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("tiedbert: a vocabulary is learnt from words, the text has none; give text\n");
    assertThat(vocab).doesNotExist();
  }

  @Test
  void aFileInTheWayOfAFolderIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    String[][] commands = {
      {"vocab", "--input", text.toString(), "--size", "90"},
      {"prepare", "--input", text.toString(), "--vocab", vocab.toString()},
      {"quickstart"}
    };
    assertThat(vocab("90")).isZero();
    for (String[] command : commands) {
      String[] all = Arrays.copyOf(command, command.length + 2);
      all[command.length] = "--output";
      all[command.length + 1] = file.resolve("below").toString();
      assertThat(run(all)).isEqualTo(1);
      assertThat(err.toString())
          .contains(file.toString())
          .containsAnyOf("is no folder", "Not a directory")
          .hasLineCount(1)
          .doesNotContain("failed: ");
    }
  }

  @Test
  void optionsThatExcludeEachOtherAreAUsageError() {
    assertThat(prepare("--nsp", "--across-documents")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("tiedbert: --nsp, --across-documents are mutually exclusive");
  }

  @Test
  void quickstartRefusesItsTimeBeforeItWrites() {
    Path output = folder.resolve("quick");
    assertThat(run("quickstart", "--minutes", "0", "--output", output.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("maxDuration must be at least a second");
    assertThat(output).doesNotExist();
  }

  @Test
  void aPathThatIsNoneIsAUsageError() {
    assertThat(run("embed", "--model", "")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "tiedbert: Invalid value for option '--model': a file or folder must be named, got"
                + " nothing\n");
    assertThat(run("embed", "--model", "a\0b")).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "tiedbert: Invalid value for option '--model': no file or folder can be called that,"
                + " Nul character not allowed\n");
  }

  @Test
  void saysWhenItsOutputCannotBeWritten() {
    // given: a disk that is full
    Writer full =
        new Writer() {
          @Override
          public void write(char[] chars, int from, int count) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    // when
    int status = Main.run(new PrintWriter(full), new PrintWriter(err), "--version");
    // then
    assertThat(status).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: standard output could not be written to the end: its disk is full, or the"
                + " program that reads it has ended\n");
  }

  @Test
  void misspeltOptionsAndCommandsAreUsageErrorsThatNameTheNearest() {
    assertThat(run("vocab", "--inptu", "x")).isEqualTo(2);
    assertThat(err.toString())
        .contains("tiedbert: Unknown options: '--inptu', 'x'")
        .contains("--input")
        .contains("tiedbert: Missing required options: ");
    assertThat(run("prepair")).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean: tiedbert prepare");
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("which command?");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aWrongFileIsAFailureWithoutStackTrace() {
    assertThat(
            run(
                "vocab",
                "--input",
                folder + "/*.text",
                "--size",
                "90",
                "--output",
                vocab.toString()))
        .isEqualTo(1);
    assertThat(err.toString()).startsWith("tiedbert: input '").hasLineCount(1);
    assertThat(vocab.getParent()).doesNotExist();
  }

  @Test
  void showsTheStackTraceWhenAsked() {
    assertThat(run("vocab", "--stacktrace", "--input", "no*.txt", "--size", "90", "--output", "x"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("\tat org.tiedbert.corpus.");
  }

  @Test
  void everyCommandHasHelp() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("vocab")
        .contains("prepare")
        .contains("Exit status: 0 done");
    for (String command : new String[] {"vocab", "prepare"}) {
      assertThat(run(command, "--help")).isZero();
      assertThat(out.toString())
          .startsWith("Usage: tiedbert %s --input GLOB...".formatted(command))
          .contains("Example:");
    }
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void tellsItsVersion() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString())
        .containsPattern("tiedbert \\d+\\.\\d+.*\nTensorFlow Java \\d")
        .doesNotContain("$");
  }

  private int vocab(String size) {
    return run("vocab", "--input", text.toString(), "--size", size, "--output", vocab.toString());
  }

  private int prepare(String... options) {
    String[] all = new String[options.length + 7];
    all[0] = "prepare";
    all[1] = "--input";
    all[2] = text.toString();
    all[3] = "--vocab";
    all[4] = vocab.toString();
    all[5] = "--output";
    all[6] = folder.resolve("shards").toString();
    System.arraycopy(options, 0, all, 7, options.length);
    return run(all);
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }
}
