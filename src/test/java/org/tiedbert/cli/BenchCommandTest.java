package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.export.SavedModelExport;
import org.tiedbert.export.TinyModel;

class BenchCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void measuresASavedModelAlone() throws IOException {
    // given: three texts of two, three and two tokens, and [CLS] and [SEP]
    Path model = folder.resolve("tiny");
    Path run = folder.resolve("run");
    TinyModel.writeRun(run, 20);
    new SavedModelExport(ModelDirectory.open(run, damaged -> {})).write(model);
    Path texts = Files.writeString(folder.resolve("texts.txt"), "the sea\n\nis it cold\ndeep .\n");
    Path json = folder.resolve("figures/speed.json");
    // when
    int status =
        bench(
            "--serving",
            model.toString(),
            "--input",
            texts.toString(),
            "--threads",
            "1",
            "--seconds",
            "0.05",
            "--json",
            json.toString());
    // then
    assertThat(status).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("%s: 3 texts of 4.3 tokens on average, threads: 1\n".formatted(model))
        .doesNotContain("ONNX");
    JsonNode speed = new ObjectMapper().readTree(json.toFile());
    assertThat(speed.get("ratios")).isEmpty();
    assertThat(speed.get("measurements")).hasSize(3);
    for (int i = 0; i < 3; i++) {
      JsonNode measurement = speed.get("measurements").get(i);
      assertThat(measurement.get("batchSize").asInt()).isEqualTo(new int[] {1, 8, 32}[i]);
      assertThat(measurement.get("sentencesPerSecond").asDouble()).isPositive();
      assertThat(measurement.get("tokenizingShare").asDouble()).isBetween(0.01, 1.5);
    }
  }

  @Test
  void refusesACommandLineThatMakesNoSense() {
    assertUsageError("Missing required option: '--serving=SAVEDMODEL'");
    assertUsageError(
        "--tokenizer belongs to --onnx, which is missing", "--serving", "m", "--tokenizer", "t");
    assertUsageError("--threads must be at least 1, got 0", "--serving", "m", "--threads", "0");
    for (String seconds : new String[] {"0", "-1", "NaN", "1e9"}) {
      assertUsageError(
          "--seconds must be above 0 and at most a day, got " + Double.valueOf(seconds),
          "--serving",
          "m",
          "--seconds",
          seconds);
    }
  }

  @Test
  void refusesWhatIsNoSavedModelAndAFileWithoutText() throws IOException {
    assertThat(bench("--serving", folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains("%s is not a SavedModel made by tiedbert export: ".formatted(folder));
    Path blank = Files.writeString(folder.resolve("blank.txt"), "\n\n");
    assertThat(bench("--serving", "m", "--input", blank.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("there must be text in [%s], it has none".formatted(blank));
  }

  @Test
  void refusesBeforehandToWriteItsFiguresOverAFolder() {
    assertThat(bench("--serving", "m", "--json", folder.toString())).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s must be a file or nothing yet, it is a folder or a device\n"
                .formatted(folder));
  }

  @Test
  void refusesADamagedSavedModelBeforeTensorFlowReadsIt() throws IOException {
    // given
    Path run = folder.resolve("run");
    TinyModel.writeRun(run, 20);
    Path model = folder.resolve("tiny");
    new SavedModelExport(ModelDirectory.open(run, damaged -> {})).write(model);
    Path index = model.resolve("variables/variables.index");
    byte[] bytes = Files.readAllBytes(index);
    bytes[bytes.length / 2] ^= 1;
    Files.write(index, bytes);
    // then
    assertThat(bench("--serving", model.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("checkpoint index %s is damaged: ".formatted(index));
  }

  private void assertUsageError(String message, String... options) {
    assertThat(bench(options)).isEqualTo(2);
    assertThat(err.toString()).contains("tiedbert: " + message + "\n");
  }

  private int bench(String... options) {
    String[] args = new String[options.length + 1];
    args[0] = "bench";
    System.arraycopy(options, 0, args, 1, options.length);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}
