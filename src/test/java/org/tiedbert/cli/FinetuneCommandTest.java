package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.export.TinyModel;

class FinetuneCommandTest {
  @TempDir private Path folder;
  private Path train;
  private Path model;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeModelAndText() throws IOException {
    model = folder.resolve("model");
    TinyModel.writeRun(model, 3);
    StringBuilder lines = new StringBuilder("body,kind\n");
    for (int i = 0; i < 40; i++) {
      lines.append(i % 2 == 0 ? "\"the sea, deep\",water\n" : "a ship,boat\n");
    }
    train = Files.writeString(folder.resolve("train.csv"), lines);
  }

  @Test
  void tunesAndScoresAndTellsWhatItDid() {
    Path run = folder.resolve("run");
    int status = run(own(run, "--epochs", "8", "--learning-rate", "0.01", "--seed", "3"));
    assertThat(err.toString()).contains("new: classifier").contains("dev: accuracy 100.0");
    assertThat(status).isZero();
    assertThat(out.toString())
        .containsPattern("best of classification +metric +value")
        .containsPattern("dev +accuracy +100.0")
        .contains("of 40");
    // and: all of its settings are in the run; the same command again finds it done
    assertThat(run.resolve("config.yaml")).content().contains("seed: 3").contains("epochs: 8");
    assertThat(run("finetune", "--output", run.toString())).isZero();
    assertThat(err.toString()).contains("has ended already");
    // and: other settings are refused, by name
    assertThat(run(own(run, "--epochs", "8", "--learning-rate", "0.02", "--seed", "3")))
        .isEqualTo(2);
    assertThat(err.toString()).contains("learningRate.peak: 0.01 → 0.02");
  }

  @Test
  void tellsAllProblemsAtOnce() {
    int status =
        run(
            own(
                folder.resolve("run"),
                "--epochs",
                "many",
                "--set",
                "batchSiz=3",
                "evaluation.perEpoch=0"));
    assertThat(status).isEqualTo(2);
    assertThat(run(own(folder.resolve("run"), "--set", "batchSiz=3", "evaluation.perEpoch=0")))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("batchSiz: there is no such setting; did you mean batchSize?")
        .contains("perEpoch must be at least 1, got 0");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(run("finetune", "--output", folder.resolve("run").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("init").contains("task").contains("is missing");
    assertThat(
            run(
                "finetune",
                "--task",
                "RTE",
                "--data",
                folder.toString(),
                "--init",
                model.toString(),
                "--output",
                folder.resolve("run").toString(),
                "--max-seq-length",
                "16"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("RTE needs its files, such as train.tsv, in");
  }

  private String[] own(Path run, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "finetune",
                "--task",
                "classification",
                "--train",
                train.toString(),
                "--dev",
                train.toString(),
                "--text",
                "body",
                "--label",
                "kind",
                "--init",
                model.toString(),
                "--max-seq-length",
                "16",
                "--batch-size",
                "8",
                "--output",
                run.toString()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private int run(String... words) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }
}
