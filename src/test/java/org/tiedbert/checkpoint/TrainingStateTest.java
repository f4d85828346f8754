package org.tiedbert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingStateTest {
  @TempDir Path directory;

  @Test
  void comesBackFromItsFileAsItWas() throws IOException {
    // given: a number of seconds that no short decimal equals
    TrainingState state =
        new TrainingState(
            1500,
            1,
            192_000,
            0.1 + 0.2,
            Long.MIN_VALUE,
            List.of(1000L, 2000L),
            List.of(),
            new LossTrend(0.1 + 0.7, 3),
            2);
    Path file = directory.resolve("state.json");
    // when
    Files.write(file, Json.bytes(state));
    // then
    assertThat(Json.read(file, TrainingState.class)).isEqualTo(state);
    assertThat(state.stageFirstStep()).isEqualTo(1000);
  }

  @Test
  void refusesAStepOutsideItsStage() {
    assertThatThrownBy(
            () ->
                new TrainingState(
                    999, 1, 0, 0, 0, List.of(1000L, 2000L), List.of(), LossTrend.NONE, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("step must lie in stage 1, from 1000 to 2000, got 999");
    assertThatThrownBy(
            () ->
                new TrainingState(
                    0, 2, 0, 0, 0, List.of(1000L, 2000L), List.of(), LossTrend.NONE, 0))
        .hasMessage("stage must be one of the 2 stages, counted from 0, got 2");
    assertThatThrownBy(
            () ->
                new TrainingState(
                    0, 0, 0, 0, 0, List.of(1000L, 900L), List.of(), LossTrend.NONE, 0))
        .hasMessage("a stage must not end before the one below it, got [1000, 900]");
    assertThatThrownBy(
            () -> new TrainingState(0, 0, -1, 0, 0, List.of(1000L), List.of(), LossTrend.NONE, 0))
        .hasMessageStartingWith("step, nextSequence and elapsedSeconds must not be negative");
  }

  @Test
  void aFileWithMissingUnknownOrImpossibleFieldsIsRefused() {
    assertRefused("{\"step\": 1}", "Missing required creator property");
    assertRefused(
        "{\"step\":1,\"stage\":0,\"nextSequence\":1,\"elapsedSeconds\":1,\"seed\":1,"
            + "\"stageLastSteps\":[5],\"fits\":[],\"losses\":{\"mean\":0,\"numLosses\":0},\"recoveries\":0,\"extra\":1}",
        "Unrecognized field \"extra\"");
    assertRefused(
        "{\"step\":9,\"stage\":0,\"nextSequence\":1,\"elapsedSeconds\":1,\"seed\":1,"
            + "\"stageLastSteps\":[5],\"fits\":[],\"losses\":{\"mean\":0,\"numLosses\":0},\"recoveries\":0}",
        "step must lie in stage 0, from 0 to 5, got 9");
    assertRefused("{\"step\":", "Unexpected end-of-input");
  }

  private void assertRefused(String json, String reason) {
    Path file = directory.resolve("state.json");
    assertThatThrownBy(
            () -> {
              Files.writeString(file, json);
              Json.read(file, TrainingState.class);
            })
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(reason);
  }
}
