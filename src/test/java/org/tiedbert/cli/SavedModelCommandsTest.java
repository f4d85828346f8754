package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.export.SavedModelEncoder;
import org.tiedbert.export.TinyModel;

/** export, embed and fill-mask. */
class SavedModelCommandsTest {
  private static final InputStream STANDARD_INPUT = System.in;

  @TempDir static Path folder;
  private static Path run;
  private static Path model;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void export() {
    run = folder.resolve("run");
    model = folder.resolve("models/tiny");
    TinyModel.writeRun(run, 20, 30);
    SavedModelCommandsTest commands = new SavedModelCommandsTest();
    assertThat(commands.export(run, model)).as(commands.err.toString()).isZero();
    assertThat(commands.out.toString())
        .isEqualTo(
            "%s: SavedModel of %s\n%s says what it is and how it is called\n"
                .formatted(model, run.resolve("checkpoints/step-30"), model.resolve("README.md")));
  }

  @AfterEach
  void giveStandardInputBack() {
    System.setIn(STANDARD_INPUT);
  }

  @Test
  void exportSaysWhichCheckpointItPassedOver() throws IOException {
    // given
    Path damagedRun = folder.resolve("damaged");
    Path newest = TinyModel.writeRun(damagedRun, 20, 30);
    Files.writeString(newest.resolve("vocab.txt"), "cut short");
    // when
    int status = export(damagedRun, folder.resolve("older"));
    // then
    assertThat(status).isZero();
    assertThat(out.toString()).contains("step-20");
    assertThat(err.toString()).startsWith("Passed over: ").contains("step-30/vocab.txt is damaged");
  }

  @Test
  void exportRefusesWhatIsThereAndWhatIsNot() {
    assertThat(export(run, model)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s exists; name another folder, or delete this one\n".formatted(model));

    Path nothing = folder.resolve("nothing");
    assertThat(export(nothing, folder.resolve("none"))).isEqualTo(1);
    assertThat(err.toString()).endsWith("there is no directory %s\n".formatted(nothing));
  }

  @Test
  void embedWritesALineForALine() throws IOException {
    // given
    List<String> texts = List.of("The sea, \"deep\"", "", "café ☕ on it");
    // when
    int status = pipe(String.join("\n", texts) + "\n", "embed", "--model", model.toString());
    // then
    assertThat(status).as(err.toString()).isZero();
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(3);
    try (SavedModelEncoder encoder = SavedModelEncoder.load(model)) {
      float[][] embeddings = encoder.embed(texts);
      for (int i = 0; i < 3; i++) {
        assertThat(lines.get(i).get("text").asText()).isEqualTo(texts.get(i));
        assertThat(lines.get(i).get("embedding")).hasSize(16);
        for (int h = 0; h < 16; h++) {
          assertThat(lines.get(i).get("embedding").get(h).floatValue()).isEqualTo(embeddings[i][h]);
        }
      }
    }
  }

  @Test
  void fillMaskWritesPredictionsForEveryMask() throws IOException {
    // when
    int status =
        pipe(
            "the [MASK] is [MASK] .\na [MASK]\n",
            "fill-mask",
            "--model",
            model.toString(),
            "--top-k",
            "2");
    // then
    assertThat(status).as(err.toString()).isZero();
    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).get("masks")).hasSize(2);
    JsonNode best = lines.get(0).get("masks").get(0).get(0);
    assertThat(lines.get(0).get("masks").get(0)).hasSize(2);
    assertThat(best.get("probability").asDouble()).isBetween(1.0 / 24, 1.0);
    assertThat(best.get("token").asText()).isNotEmpty();
    assertThat(best.get("text").asText()).endsWith(" is [MASK] .").doesNotStartWith("the [MASK]");
  }

  @Test
  void fillMaskNamesTheLineThatHasNone() {
    assertThat(pipe("a [MASK]\nno mask\n", "fill-mask", "--model", model.toString())).isEqualTo(1);
    assertThat(out.toString()).startsWith("{\"text\":\"a [MASK]\"");
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: standard input, line 2: a text must hold [MASK] where the model is to fill"
                + " in a word, got 'no mask'\n");
  }

  @Test
  void topKOutOfRangeIsAUsageError() {
    for (String topK : List.of("0", "25")) {
      assertThat(pipe("", "fill-mask", "--model", model.toString(), "--top-k", topK)).isEqualTo(2);
      assertThat(err.toString())
          .contains("--top-k: topK must lie between 1 and the vocabulary's 24, got " + topK);
    }
  }

  @Test
  void refusesAMissingModelAndBytesThatAreNoText() {
    Path nothing = folder.resolve("nothing");
    for (String command : List.of("embed", "fill-mask")) {
      assertThat(pipe("a [MASK]", command, "--model", nothing.toString())).isEqualTo(1);
      assertThat(err.toString()).contains("tiedbert: no SavedModel at %s: ".formatted(nothing));
    }
  }

  @Test
  void namesTheLineThatIsNoText() throws IOException {
    // given
    byte[] input = "a\r\n\nb\n \n".getBytes(StandardCharsets.UTF_8);
    input[input.length - 2] = (byte) 0xff;
    System.setIn(new ByteArrayInputStream(input));
    // when
    int status = run("embed", "--model", model.toString());
    // then: those before it are answered
    assertThat(status).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: standard input, line 4: text must be UTF-8, these bytes are not; convert"
                + " it\n");
    assertThat(lines()).extracting(line -> line.get("text").asText()).containsExactly("a", "", "b");
  }

  @Test
  void refusesALineWithoutEnd() {
    System.setIn(new ByteArrayInputStream(new byte[(16 << 20) + 1]));
    assertThat(run("embed", "--model", model.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("standard input, line 1: a line must have at most 16,777,216 bytes");
  }

  @Test
  void endsWhenNobodyReadsItsOutput() {
    for (String command : List.of("embed", "fill-mask")) {
      // given: text without end, and a reader who leaves
      byte[] line = "[MASK]\n".getBytes(StandardCharsets.UTF_8);
      System.setIn(
          new InputStream() {
            private int at;

            @Override
            public int read() {
              return line[at++ % line.length];
            }
          });
      // when
      int status =
          Main.run(
              new PrintWriter(new Gone()),
              new PrintWriter(err, true),
              command,
              "--model",
              model.toString());
      // then
      assertThat(status).isEqualTo(1);
      assertThat(err.toString()).contains("standard output could not be written to the end");
    }
  }

  /** The other end of a pipe that has been closed. */
  private static final class Gone extends Writer {
    @Override
    public void write(char[] chars, int from, int count) throws IOException {
      throw new IOException("Broken pipe");
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void refusesInputThatCannotBeRead() {
    System.setIn(
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Is a directory");
          }
        });
    assertThat(run("embed", "--model", model.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("tiedbert: standard input cannot be read behind line 0: Is a directory\n");
  }

  @Test
  void aRefusedTextIsQuotedInPart() {
    assertThat(pipe("a".repeat(100_000), "fill-mask", "--model", model.toString())).isEqualTo(1);
    assertThat(err.toString()).endsWith(", got '%s…'\n".formatted("a".repeat(200)));
  }

  @Test
  void exportRefusesTheRootOfAllFolders() {
    assertThat(export(run, Path.of("/"))).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("tiedbert: / exists; name another folder, or delete this one\n");
  }

  @Test
  void exportsAsItIsTold() throws IOException {
    // given
    Path served = folder.resolve("served");
    String[] options = {
      "export",
      "--init",
      run.toString(),
      "--output",
      served.toString(),
      "--model-version",
      "3",
      "--default-signature",
      "encode",
      "--precision",
      "bfloat16"
    };
    // when
    int status = run(options);
    // then
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith(served.resolve("3") + ": SavedModel of ");
    assertThat(Files.readString(served.resolve("3/README.md")))
        .contains("| matrix products | bfloat16 |", "| `encode`, `serving_default` | ");
    assertThat(pipe("the sea\n", "embed", "--model", served.resolve("3").toString())).isZero();

    options[6] = "0";
    assertThat(run(options)).isEqualTo(2);
    assertThat(err.toString()).contains("--model-version must be at least 1, got 0");
  }

  private int export(Path init, Path output) {
    return run("export", "--init", init.toString(), "--output", output.toString());
  }

  private int pipe(String text, String... args) {
    System.setIn(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    return run(args);
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString().lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }
}
