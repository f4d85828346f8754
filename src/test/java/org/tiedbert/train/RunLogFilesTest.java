package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.RunDirectory;

class RunLogFilesTest {
  @TempDir Path folder;

  @Test
  void everyValueStandsUnderItsOwnName() throws IOException {
    // given: no two values alike
    StepMetrics metrics = new StepMetrics(1.5, 2.5, 3.5, 4.5, 0.5, List.of(0.25, 0.75), 6.5);
    StepReport report =
        new StepReport(
            2,
            3,
            "a stage",
            7,
            9,
            10,
            11,
            12,
            0.125,
            OptionalDouble.of(0.375),
            13.5,
            14,
            15,
            OptionalDouble.empty(),
            4096,
            Duration.ZERO);
    // when
    try (RunLogs logs = RunLogFiles.open(RunDirectory.createOrContinue(folder), 0, true)) {
      logs.step(report, metrics, 16.5);
      logs.evaluation(new EvaluationReport(7, 17.5, 0.0625, OptionalDouble.of(0.875), 18.5));
    }
    // then
    assertThat(Files.readAllLines(folder.resolve("metrics.jsonl")))
        .containsExactly(
            "{\"kind\":\"step\",\"step\":7,\"stage\":2,\"loss\":1.5,\"crossEntropy\":2.5,"
                + "\"consistency\":3.5,\"accuracyOfView1\":0.25,\"accuracyOfView2\":0.75,"
                + "\"nextSentence\":4.5,\"nextSentenceAccuracy\":0.5,\"learningRate\":13.5,"
                + "\"gradientNorm\":6.5,\"time\":{\"seconds\":16.5,\"sentBytes\":4096.0}}",
            "{\"kind\":\"eval\",\"step\":7,\"crossEntropy\":17.5,\"accuracy\":0.0625,"
                + "\"nextSentenceAccuracy\":0.875,\"unigramEntropy\":18.5}");
  }
}
