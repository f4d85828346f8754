package org.tiedbert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveriesTest {
  @TempDir Path folder;
  private RunDirectory run;

  @BeforeEach
  void aRun() {
    run = RunDirectory.createOrContinue(folder);
  }

  private static TrainingState state(long step, int recoveries) {
    return new TrainingState(
        step, 0, 0, 0, 1, List.of(100L), List.of(), LossTrend.NONE, recoveries);
  }

  @Test
  void comeBackFromTheirFile() {
    assertThat(Recoveries.read(run).recoveries()).isEmpty();
    Recovery first = new Recovery(25, "step 25 gave NaN", 20, 160, 200);
    Recovery second = new Recovery(23, "step 23 gave NaN", 10, 176, 208);
    Recoveries.read(run).plus(first, run).plus(second, run);
    assertThat(Recoveries.read(run).recoveries()).containsExactly(first, second);
  }

  @Test
  void aCheckpointIsLeftBehindByALaterReturnToBeforeIt() {
    Recoveries recoveries =
        Recoveries.read(run)
            .plus(new Recovery(25, "x", 20, 160, 200), run)
            .plus(new Recovery(35, "y", 10, 200, 240), run);
    // taken before the first return: that one went to 20, the second to 10
    assertThat(recoveries.leftBehind(state(10, 0))).isFalse();
    assertThat(recoveries.leftBehind(state(20, 0))).isTrue();
    assertThat(recoveries.leftBehind(state(24, 0))).isTrue();
    // taken between the two, and after both
    assertThat(recoveries.leftBehind(state(10, 1))).isFalse();
    assertThat(recoveries.leftBehind(state(30, 1))).isTrue();
    assertThat(recoveries.leftBehind(state(30, 2))).isFalse();
    // a checkpoint that knows of more than the file
    assertThatThrownBy(() -> recoveries.leftBehind(state(30, 3)))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "the checkpoint of step 30 knows of 3 recoveries, the run's recoveries.json of 2; bring"
                + " that file back");
  }

  @Test
  void aDamagedFileIsRefused() throws IOException {
    Files.writeString(run.recoveries(), "{\"recoveries\": [{\"step\": 5, ");
    assertThatThrownBy(() -> Recoveries.read(run))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(run.recoveries() + " must hold the fields of a Recoveries: ");
    Files.writeString(
        run.recoveries(),
        "{\"recoveries\": [{\"step\":5,\"reason\":\"\",\"from\":5,\"firstSequence\":1,"
            + "\"endSequence\":2}]}");
    assertThatThrownBy(() -> Recoveries.read(run))
        .hasMessageContaining("a run goes back from a step to one before");
  }
}
