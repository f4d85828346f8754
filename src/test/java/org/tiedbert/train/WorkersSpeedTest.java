package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkersSpeedTest {
  @TempDir Path folder;

  @Test
  void weighsStagesByTheirSteps() {
    // given: 5, 6 and 4 steps, of which the last ones train everything
    List<StageScaling> stages =
        List.of(stage(5, 1, 2, 100), stage(6, 2, 4, 50), stage(4, 4, 5, 200));
    // when
    WorkersSpeed speed = speed(stages);
    // then: 5·1 + 6·2 + 4·4 over 5·2 + 6·4 + 4·5; 5·100 + 6·50 + 4·200 over 15·200
    assertThat(speed.efficiency()).isCloseTo(33 / 54.0, within(1e-12));
    assertThat(speed.sentShare().orElseThrow()).isCloseTo(1600 / 3000.0, within(1e-12));
  }

  @Test
  void knowsNoShareWhereNothingTrainsEverything() {
    WorkersSpeed speed =
        speed(
            List.of(stage(5, 1, 2, 100), stage(6, 2, 4, 50)),
            "stages={kind: mslt, steps: [5, 6], retrainSteps: 0, moments: copy}");
    assertThat(speed.sentShare()).isEmpty();
  }

  @Test
  void theMiddleTurnCounts() {
    StageScaling.Efficiency efficiency = StageScaling.Efficiency.of(new double[] {0.9, 0.5, 0.7});
    assertThat(efficiency).isEqualTo(new StageScaling.Efficiency(0.5, 0.7, 0.9));
  }

  private WorkersSpeed speed(List<StageScaling> stages, String... overrides) {
    PreTrainingConfig config = PreTrainingSetup.config(folder.resolve("none"), overrides);
    TrainingBench bench = new TrainingBench(config, PreTrainingSetup.SEQ_LENGTH, 1);
    return WorkersSpeed.of(bench, 2, stages);
  }

  private static StageScaling stage(long numSteps, double alone, double together, long sentBytes) {
    StepTimes sums = StepTimes.of(new double[] {0.1});
    return new StageScaling(
        "stage",
        2,
        numSteps,
        sentBytes / Float.BYTES,
        StepTimes.of(new double[] {alone}),
        StepTimes.of(new double[] {together}),
        StageScaling.Efficiency.of(new double[] {alone / together}),
        sentBytes,
        OptionalLong.empty(),
        sums);
  }
}
