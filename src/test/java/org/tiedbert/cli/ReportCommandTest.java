package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Main.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  private Path aRun() throws IOException {
    Path run = Files.createDirectory(folder.resolve("run"));
    Files.writeString(
        run.resolve("config.yaml"),
        "model: {numHiddenLayers: 2}\nstages: {kind: plain, steps: 100000}\nloss: {tiedWeight: 3}\nengine: {xla: \"off\"}\n");
    Files.writeString(
        run.resolve("metrics.jsonl"), "{\"kind\":\"step\",\"step\":1,\"crossEntropy\":2.5}\n");
    return run;
  }

  @Test
  void writesThePageIntoTheRunAndSaysWhere() throws IOException {
    Path run = aRun();
    assertThat(run("report", run.toString())).isZero();
    Path page = run.resolve("report/index.html");
    assertThat(out.toString()).isEqualTo(page + System.lineSeparator());
    String different = Files.readString(page);
    different = different.substring(different.indexOf("id=\"settings\""));
    different = different.substring(0, different.indexOf("<details>"));
    assertThat(different) // from the defaults that pre-training has
        .contains("<code>loss.tiedWeight</code></td><td class=\"value\">3</td>")
        .doesNotContain("stages.steps", "stages.kind", "engine.xla");
  }

  @Test
  void writesThePageElsewhere() throws IOException {
    Path page = folder.resolve("pages/one.html");
    assertThat(run("report", aRun().toString(), "--output", page.toString(), "--no-samples"))
        .isZero();
    assertThat(page).content().contains("Stopped at step 1 of 100,000").doesNotContain("Samples");
  }

  @Test
  void refusesAFolderWhereThePageIsToBe() throws IOException {
    assertThat(run("report", aRun().toString(), "--output", folder.toString(), "--no-samples"))
        .isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo(
            "tiedbert: %s must be a file or nothing yet, it is a folder or a device\n"
                .formatted(folder));
  }

  @Test
  void refusesWhatIsNoRun() {
    assertThat(run("report", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("tiedbert: %s is no run".formatted(folder.resolve("none")));
    assertThat(folder.resolve("none")).doesNotExist();
    assertThat(run("report")).isEqualTo(2);
    assertThat(err.toString()).contains("RUN");
  }
}
