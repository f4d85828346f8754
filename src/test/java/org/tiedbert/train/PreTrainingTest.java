package org.tiedbert.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunStart;
import org.tiedbert.train.PreTraining.Outcome;

/** However often a run is stopped or killed, it ends as the one that never was. */
class PreTrainingTest {
  private static final List<Long> STAGE_ENDS = List.of(5L, 11L, 15L);

  @TempDir static Path folder;

  private static PreTrainingConfig config;
  private static Path uninterrupted;

  @BeforeAll
  static void trainWithoutAStop() {
    config = PreTrainingSetup.config(PreTrainingSetup.shards(folder.resolve("shards")));
    uninterrupted = folder.resolve("uninterrupted");
    assertThat(PreTrainingSetup.run(config, uninterrupted)).isEqualTo(Outcome.FINISHED);
  }

  @Test
  void logsEveryStageStepAndEvaluation() {
    List<String> lines = PreTrainingSetup.metrics(uninterrupted);
    // evaluations at the start, every 4 steps, and at the stages' ends 5, 11 and 15
    assertThat(lines).filteredOn(line -> line.contains("\"kind\":\"stage\"")).hasSize(3);
    assertThat(lines).filteredOn(line -> line.contains("\"kind\":\"step\"")).hasSize(15);
    assertThat(lines)
        .filteredOn(line -> line.contains("\"kind\":\"eval\""))
        .extracting(line -> line.replaceFirst(".*\"step\":(\\d+),.*", "$1"))
        .containsExactly("0", "4", "5", "8", "11", "12", "15");
  }

  @Test
  void keepsTheLastCheckpointsAndThoseOfStageEnds() {
    // taken every 3 steps and at the stages' ends; the last two are 12 and 15
    assertThat(PreTrainingSetup.checkpointNames(uninterrupted))
        .containsExactly("step-5", "step-11", "step-12", "step-15");
  }

  @Test
  void stoppedAnywhereItEndsTheSame() throws IOException {
    // given
    Path run = folder.resolve("stopped");
    PreTraining atOnce = PreTrainingSetup.run(config, run, Progress.silent());
    // when: before the first update, after it, at a stage's end, in the middle of one
    atOnce.stop();
    assertThat(atOnce.run()).isEqualTo(Outcome.STOPPED);
    assertThat(run.resolve("checkpoints")).doesNotExist();
    for (long step : new long[] {1, 5, 8}) {
      assertThat(PreTrainingSetup.stopAt(config, run, step)).isEqualTo(Outcome.STOPPED);
      assertThat(PreTrainingSetup.latest(run).state().step()).isEqualTo(step);
    }
    assertThat(PreTrainingSetup.run(config, run)).isEqualTo(Outcome.FINISHED);
    // then
    requireSame(run);
    // and when it is started once more
    assertThat(PreTrainingSetup.run(config, run)).isEqualTo(Outcome.FINISHED);
    // then
    requireSame(run);
  }

  @Test
  void killedAnywhereItEndsTheSame() throws IOException {
    // given
    Path run = folder.resolve("killed");
    // when: before any checkpoint, before that of a stage's end, right behind it, between two
    for (long step : new long[] {2, 5, 6, 14}) {
      assertThatThrownBy(() -> dieAt(run, step)).isInstanceOf(PreTrainingSetup.Killed.class);
    }
    assertThat(PreTrainingSetup.run(config, run)).isEqualTo(Outcome.FINISHED);
    // then
    requireSame(run);
  }

  @Test
  void everyStartOfARunIsWrittenDown() {
    Path run = folder.resolve("environment");
    assertThatThrownBy(() -> dieAt(run, 7)).isInstanceOf(PreTrainingSetup.Killed.class);
    PreTrainingSetup.run(config, run);
    PreTrainingSetup.run(config, run); // has nothing left to do
    assertThat(
            RunStart.read(
                new RunDirectory(run),
                damaged -> {
                  throw new AssertionError(damaged);
                }))
        .extracting(RunStart::step, start -> start.environment().numThreads())
        .containsExactly(
            tuple(0L, Runtime.getRuntime().availableProcessors()),
            tuple(6L, Runtime.getRuntime().availableProcessors()));
  }

  private static void dieAt(Path run, long step) {
    PreTrainingSetup.run(
            config,
            run,
            PreTrainingSetup.afterStep(
                done -> {
                  if (done == step) {
                    throw new PreTrainingSetup.Killed();
                  }
                }))
        .run();
  }

  private static void requireSame(Path run) throws IOException {
    assertThat(PreTrainingSetup.metrics(run)).isEqualTo(PreTrainingSetup.metrics(uninterrupted));
    for (long step : STAGE_ENDS) {
      Path expected = uninterrupted.resolve("checkpoints/step-" + step);
      try (Stream<Path> files = Files.list(expected)) {
        List<Path> bundle =
            files.filter(file -> file.getFileName().toString().startsWith("model.ckpt")).toList();
        assertThat(bundle).hasSize(2);
        for (Path file : bundle) {
          assertThat(run.resolve("checkpoints/step-" + step).resolve(file.getFileName()))
              .hasSameBinaryContentAs(file);
        }
      }
    }
  }
}
