package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.train.PreTraining.Outcome;

/** Runs whose every step is one program of XLA. */
class PreTrainingXlaTest {
  private static final String LAST = "checkpoints/step-6/model.ckpt.data-00000-of-00001";

  @TempDir static Path folder;

  private static Path shards;

  @BeforeAll
  static void prepare() {
    shards = PreTrainingSetup.shards(folder.resolve("shards"));
  }

  private static PreTrainingConfig config(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.numHiddenLayers=1",
                "noise.views=[{kind: tokenMasking, rate: 0.2, maskProb: 0.8, randomProb: 0.1}]",
                "loss.tiedWeight=0",
                "data.microBatchSize=8",
                "stages={kind: plain, steps: 6}",
                "engine.xla=full"));
    all.addAll(List.of(overrides));
    return PreTrainingSetup.config(shards, all.toArray(String[]::new));
  }

  @Test
  void trainsAsWithoutCompilerAndEndsTheSameIfStopped() {
    // given
    Path plain = folder.resolve("plain");
    PreTrainingSetup.run(config("engine.xla=off"), plain);
    // when
    Path whole = folder.resolve("whole");
    assertThat(PreTrainingSetup.run(config(), whole)).isEqualTo(Outcome.FINISHED);
    // then
    List<Double> expected = losses(plain);
    List<Double> actual = losses(whole);
    assertThat(actual).hasSize(6);
    for (int i = 0; i < 6; i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-4));
    }
    // when
    Path stopped = folder.resolve("stopped");
    assertThat(PreTrainingSetup.stopAt(config(), stopped, 2)).isEqualTo(Outcome.STOPPED);
    assertThat(PreTrainingSetup.run(config(), stopped)).isEqualTo(Outcome.FINISHED);
    // then
    assertThat(PreTrainingSetup.metrics(stopped)).isEqualTo(PreTrainingSetup.metrics(whole));
    assertThat(stopped.resolve(LAST)).hasSameBinaryContentAs(whole.resolve(LAST));
  }

  private static List<Double> losses(Path run) {
    ObjectMapper json = new ObjectMapper();
    List<Double> losses = new ArrayList<>();
    for (String line : PreTrainingSetup.metrics(run)) {
      try {
        if (line.contains("\"kind\":\"step\"")) {
          losses.add(json.readTree(line).path("loss").asDouble());
        }
      } catch (JsonProcessingException e) {
        throw new AssertionError(line, e);
      }
    }
    return losses;
  }

  @Test
  void aStepThatIsNotFiniteEndsTheRunAndNamesItsParameters() {
    // given: the learning rates of the steps are 0, 5e29, 1e30; the second update ruins the model
    PreTrainingConfig hopeless =
        config(
            "learningRate={peak: 1e30, warmupSteps: 2, decay: constant}",
            "divergence.maxRecoveries=0");
    // then
    assertThatThrownBy(() -> PreTrainingSetup.run(hopeless, folder.resolve("hopeless")))
        .isInstanceOf(DivergenceException.class)
        .hasMessageStartingWith("step 3 of stage 1 (everything) gave a loss of ")
        .hasMessageContaining("parameters whose gradient is not finite: bert/embeddings/")
        .hasMessageContaining("Nothing was updated with it");
  }

  @Test
  void workersSumWhatTheyHaveCompiled() {
    // given
    Path alone = folder.resolve("alone");
    PreTrainingSetup.run(config("engine.xla=off"), alone);
    // when
    Path together = folder.resolve("together");
    assertThat(
            WorkersSetup.run(
                config("data.microBatchSize=2"), together, 2, worker -> Progress.silent()))
        .containsOnly(Outcome.FINISHED);
    // then
    List<Double> expected = losses(alone);
    List<Double> actual = losses(together);
    for (int i = 0; i < 6; i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-4));
    }
  }
}
