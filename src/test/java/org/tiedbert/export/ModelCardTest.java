package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
  private static final String EVAL =
      "{\"kind\":\"eval\",\"step\":%d,\"crossEntropy\":%s,\"accuracy\":0.25,\"unigramEntropy\":6.5}\n";

  @TempDir Path directory;

  @Test
  void tellsTheLastEvaluationBeforeTheCheckpoint() throws IOException {
    // given: the run went on after the checkpoint and was killed in the middle of a line
    Path run = directory.resolve("run");
    TinyModel.writeRun(run, 30);
    Files.writeString(
        run.resolve("metrics.jsonl"),
        EVAL.formatted(10, "9.5")
            + "{\"kind\":\"step\",\"step\":11,\"loss\":1}\n"
            + EVAL.formatted(25, "3.125")
            + EVAL.formatted(31, "2.5")
            + "{\"kind\":\"eval\",\"step\":2");
    // when
    String card = card(run);
    // then
    assertThat(card)
        .contains(
            """
            ## On held-out text, after 25 steps

            | | |
            |---|---|
            | cross entropy of masked tokens | 3.1250 nats |
            | guessing by frequency alone | 6.5000 nats |
            | accuracy of masked tokens | 25.00 % |
            """);
  }

  @Test
  void leavesOutWhatIsNotAtHand() throws IOException {
    // given: a checkpoint that was taken out of its run
    Path run = directory.resolve("run");
    Path alone = directory.resolve("alone");
    Path checkpoint = TinyModel.writeRun(run, 30);
    Files.writeString(run.resolve("metrics.jsonl"), EVAL.formatted(10, "9.5"));
    Files.move(checkpoint, alone);
    // when, then
    assertThat(card(alone))
        .contains("| trained | 30 steps", "seed: 7")
        .doesNotContain("held-out", "## Data");
  }

  @Test
  void itsCallsAreOfThisModel() throws IOException {
    // given
    Path run = directory.resolve("run");
    TinyModel.writeRun(run, 30);
    // when
    Path version = new SavedModelExport(TinyModel.open(run)).write(directory.resolve("sea"), 12);
    String card = Files.readString(version.resolve("README.md"));
    // then
    assertThat(version).isEqualTo(directory.resolve("sea/12"));
    assertThat(card)
        .startsWith("# sea\n")
        .contains(
            "SavedModelEncoder.load(Path.of(\"sea/12\"))",
            "tf.saved_model.load(\"sea/12\")",
            "-v \"$PWD/sea:/models/sea\" -e MODEL_NAME=sea tensorflow/serving\n",
            "http://localhost:8501/v1/models/sea:predict\n",
            "| `embed`, `serving_default` | ")
        .doesNotContain("classify");
    assertThat(card(run)).contains("-v \"$PWD/card:/models/card/1\"");
  }

  private String card(Path model) throws IOException {
    Path exported = directory.resolve("card");
    new SavedModelExport(TinyModel.open(model)).write(exported);
    return Files.readString(exported.resolve("README.md"));
  }
}
