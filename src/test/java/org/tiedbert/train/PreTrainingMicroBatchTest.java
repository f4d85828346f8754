package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreTrainingMicroBatchTest {
  @TempDir Path folder;

  /** What a run reports, in order. */
  private record Curve(List<StepReport> steps, List<EvaluationReport> evaluations) {}

  @Test
  void theCurveIsThatOfWholeBatches() {
    // given
    Path shards = PreTrainingSetup.shards(folder.resolve("shards"));
    Curve expected = train(shards, 8);
    // when
    Curve actual = train(shards, 2);
    // then: but for the error of float addition, which every step's update adds to
    assertThat(actual.steps()).hasSize(10);
    for (int i = 0; i < 10; i++) {
      StepReport one = expected.steps().get(i);
      StepReport other = actual.steps().get(i);
      assertThat(other.loss()).isCloseTo(one.loss(), within(1e-4));
      assertThat(other.consistency()).isCloseTo(one.consistency(), within(1e-4));
      assertThat(other.accuracy()).isCloseTo(one.accuracy(), within(1e-6));
      assertThat(other.gradientNorm()).isCloseTo(one.gradientNorm(), within(1e-3));
    }
    // then: 10 held-out sequences in 5 micro-batches, or in 2 with padding
    assertThat(actual.evaluations()).hasSameSizeAs(expected.evaluations()).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(actual.evaluations().get(i).crossEntropy())
          .isCloseTo(expected.evaluations().get(i).crossEntropy(), within(1e-4));
    }
    // then: the tolerances are far below what ten steps change
    assertThat(expected.steps().get(0).loss() - expected.steps().get(9).loss()).isGreaterThan(0.1);
  }

  private Curve train(Path shards, int microBatchSize) {
    PreTrainingConfig config =
        PreTrainingSetup.config(
            shards,
            "data.microBatchSize=" + microBatchSize,
            "evaluation.everySteps=5",
            "stages={kind: plain, steps: 10}");
    Curve curve = new Curve(new ArrayList<>(), new ArrayList<>());
    PreTrainingSetup.run(config, folder.resolve("run-" + microBatchSize), recording(curve)).run();
    return curve;
  }

  private static Progress recording(Curve curve) {
    return new PreTrainingSetup.Listener() {
      @Override
      public void step(StepReport step) {
        curve.steps().add(step);
      }

      @Override
      public void evaluated(EvaluationReport evaluation) {
        curve.evaluations().add(evaluation);
      }
    };
  }
}
