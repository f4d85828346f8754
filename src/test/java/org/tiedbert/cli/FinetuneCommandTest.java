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
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
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

  @Test
  void aRunWhoseLossIsNoNumberEndsAndItsBestModelStands() {
    Path run = folder.resolve("run");
    assertThat(
            run(
                own(
                    run,
                    "--learning-rate",
                    "1e30",
                    "--epochs",
                    "9",
                    "--set",
                    "evaluation.perEpoch=5")))
        .isEqualTo(1);
    assertThat(err.toString())
        .containsPattern("tiedbert: step \\d+ gave a loss of NaN and a gradient norm of NaN. ")
        .contains("The last checkpoint and the best model stand; try a lower learningRate.peak")
        .doesNotContain("\tat ");
    ModelDirectory best =
        ModelDirectory.open(
            run,
            damaged -> {
              throw damaged;
            });
    assertThat(best.path().getParent()).isEqualTo(run.resolve("best"));
    assertThat(run.resolve("result.json")).doesNotExist();
  }

  @Test
  void ofTwoAtOnceTheSecondIsRefused() {
    Path run = folder.resolve("run");
    RunDirectory first = RunDirectory.createOrContinue(run);
    try (RunLock held = first.lock()) {
      assertThat(held).isNotNull();
      assertThat(run(own(run))).isEqualTo(1);
      assertThat(err.toString())
          .startsWith("tiedbert: %s is being written by ".formatted(run))
          .contains("wait for it or stop it")
          .hasLineCount(1);
      assertThat(run).isDirectoryNotContaining("glob:**config.yaml");
    }
  }

  @Test
  void whatIsNoTaskIsAConfigurationError() {
    String run = folder.resolve("run").toString();
    assertThat(
            run(
                "finetune",
                "--task",
                "RTTE",
                "--data",
                folder.toString(),
                "--init",
                model.toString(),
                "--output",
                run))
        .isEqualTo(2);
    assertThat(err.toString()).contains("a task is one of CoLA, SST-2, ", "got 'RTTE'");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aColumnCannotBeTextAndLabel() {
    assertThat(run(own(folder.resolve("run"), "--pair", "kind"))).isEqualTo(1);
    assertThat(err.toString())
        .contains(
            "the text, its pair and the label must be columns of their own, got 'body', 'kind' and"
                + " 'kind'");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @Test
  void aRunIsContinuedByTheCommandThatBeganIt() throws IOException {
    Path run = Files.createDirectories(folder.resolve("begun"));
    String[] settings = {"stages", "task", "grid"};
    String[] commands = {"pretrain", "finetune", "glue"};
    for (int begun = 0; begun < commands.length; begun++) {
      Files.writeString(run.resolve("config.yaml"), settings[begun] + ": {}\n");
      for (int other = 0; other < commands.length; other++) {
        err.getBuffer().setLength(0);
        assertThat(run(commands[other], "--output", run.toString())).isEqualTo(2);
        String refusal =
            "tiedbert: %s is a run of 'tiedbert %s', which alone continues it; choose another"
                .formatted(run, commands[begun]);
        assertThat(err.toString().startsWith(refusal)).isEqualTo(begun != other);
      }
    }
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
