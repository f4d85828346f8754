package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergenceTest {
  @TempDir Path folder;

  @Test
  void stopsTheRunBehindItsLastCheckpoint() {
    // given: the learning rates of the steps are 0, 5e29, 1e30; the second update ruins the model
    PreTrainingConfig config =
        PreTrainingSetup.config(
            PreTrainingSetup.shards(folder.resolve("shards")),
            "learningRate={peak: 1e30, warmupSteps: 2, decay: constant}",
            "checkpoint={everySteps: 1, keepLast: 3}",
            "divergence.maxRecoveries=0",
            "evaluation.everySteps=100");
    Path run = folder.resolve("run");
    // when, then
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> PreTrainingSetup.run(config, run))
          .isInstanceOf(DivergenceException.class)
          .hasMessageMatching(
              "step 3 of stage 1 \\(layer 0\\) gave a loss of (NaN|Infinity|[\\dE.]+) and a gradient"
                  + " norm of (NaN|Infinity); parameters whose gradient is not finite:"
                  + " bert/embeddings/word_embeddings, .* and \\d+ more\\. Nothing was updated with"
                  + " it\\. Records of the batch: \\[\\d+(, \\d+){7}]\\. The last checkpoint stands;"
                  + " begin again with a lower learningRate\\.peak, .*");
      assertThat(PreTrainingSetup.checkpointNames(run)).containsExactly("step-1", "step-2");
      assertThat(PreTrainingSetup.latest(run).state().step()).isEqualTo(2);
      assertThat(stepLines(run)).hasSize(2);
    }
  }

  private static List<String> stepLines(Path run) {
    return PreTrainingSetup.metrics(run).stream()
        .filter(line -> line.contains("\"kind\":\"step\""))
        .toList();
  }
}
