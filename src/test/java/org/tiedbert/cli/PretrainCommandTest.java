package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.train.PreTraining;
import org.tiedbert.train.PreTrainingConfig;
import org.tiedbert.train.PreTrainingSetup;
import org.tiedbert.train.Progress;

class PretrainCommandTest {
  /** Enough for signals to come in between. */
  private static final String SOME_HUNDRED_STEPS = "stages={kind: plain, steps: 400}";

  private static final int SIGTERM_STATUS = 128 + 15;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path config;
  private Path run;
  private PretrainProcesses processes;

  @BeforeEach
  void writeShards() {
    config = PreTrainingSetup.configFile(PreTrainingSetup.shards(folder.resolve("shards")));
    run = folder.resolve("run");
    processes = new PretrainProcesses(folder, run);
  }

  @AfterEach
  void endProcesses() {
    processes.close();
  }

  @Test
  void aKilledProcessAndOneThatWasToldToStopAreContinued() throws Exception {
    // given
    Path uninterrupted = folder.resolve("uninterrupted");
    train(uninterrupted);
    Random random = new Random();
    int killedAfter = 5 + random.nextInt(60);
    // when: SIGKILL
    Process killed =
        processes.start(
            "--config", config.toString(), "--set", SOME_HUNDRED_STEPS, "checkpoint.everySteps=20");
    processes.awaitStep(killed, killedAfter);
    killed.destroyForcibly().waitFor();
    // when: continued, refused to another one meanwhile, then SIGTERM
    Process stopped = processes.start();
    processes.awaitStep(stopped, killedAfter + 10 + random.nextInt(60));
    int refused = pretrain("--output", run.toString());
    stopped.destroy();
    assertThat(stopped.waitFor(60, TimeUnit.SECONDS)).isTrue();
    // then
    assertThat(refused).isEqualTo(1);
    assertThat(err.toString())
        .contains("is being written by another process, pid " + stopped.pid());
    assertThat(stopped.exitValue()).isEqualTo(SIGTERM_STATUS);
    assertThat(processes.outputOf(1))
        .hasContent("%s: stopped; the same command continues it".formatted(run));
    assertThat(PreTrainingSetup.latest(run).state().step())
        .isEqualTo(processes.lastStep())
        .isLessThan(400);
    // and when
    train(run);
    // then
    assertThat(PreTrainingSetup.metrics(run)).isEqualTo(PreTrainingSetup.metrics(uninterrupted));
    String data = "checkpoints/step-400/model.ckpt.data-00000-of-00001";
    assertThat(run.resolve(data)).hasSameBinaryContentAs(uninterrupted.resolve(data));
  }

  private void train(Path output) {
    PreTrainingConfig same =
        RunConfigReader.read(config, List.of(SOME_HUNDRED_STEPS, "checkpoint.everySteps=20"));
    assertThat(new PreTraining(same, RunConfigReader.write(same), output, Progress.silent()).run())
        .isEqualTo(PreTraining.Outcome.FINISHED);
  }

  @Test
  void aConfigurationThatDoesNotFitTheShardsIsAConfigurationError() {
    assertThat(
            pretrain(
                "--config",
                config.toString(),
                "--set",
                "model.vocabSize=59",
                "loss.nextSentence=true",
                "--output",
                run.toString()))
        .isEqualTo(2);
    assertThat(err.toString())
        .startsWith("tiedbert: the configuration does not fit the shards in ")
        .contains("\n  model.vocabSize must be the 58 entries of the shards' vocabulary, got 59\n")
        .contains("\n  loss.nextSentence needs shards of sentence pairs");
    assertThat(run).doesNotExist();
  }

  @Test
  void aRunIsContinuedWithItsOwnConfigurationOnly() {
    // given
    PreTrainingConfig own = RunConfigReader.read(config, List.of());
    PreTraining begun = new PreTraining(own, RunConfigReader.write(own), run, Progress.silent());
    begun.stop();
    begun.run();
    // then
    assertThat(
            pretrain("--config", config.toString(), "--set", "seed=4", "--output", run.toString()))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("%s was begun with another configuration. ".formatted(run))
        .endsWith("\n  seed: 3 → 4\n");
    assertThat(pretrain("--set", "seed=4", "--output", run.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("--set alone cannot change it");
  }

  @Test
  void aNewRunNeedsAConfigurationAndAPlace() {
    assertThat(pretrain("--output", run.toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("a new run needs --config FILE, --preset NAME or --init MODEL");
    assertThat(pretrain("--config", config.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required option: '--output=RUN'");
    assertThat(run).doesNotExist();
  }

  @Test
  void aDryRunPrintsThePlan() {
    assertThat(pretrain("--config", config.toString(), "--dry-run")).as(err::toString).isZero();
    assertThat(out.toString())
        .matches(
            """
            stage    layers  trains  of parameters  steps  sequences  FLOP/step +memory +time/step +time
            layer 0       1   3,834          4,106      5         40     4.27 M +\\S+ MB +\\S+ ms +\\S+ m?s
            layer 1       2   2,586          6,330      6         48     5.47 M +\\S+ MB +\\S+ ms +\\S+ m?s
            retrain       2   6,058          6,330      4         32     8.21 M +\\S+ MB +\\S+ ms +\\S+ m?s

            In all \\S+ m?s by these steps, without evaluations and checkpoints\\.
            Compared with training everything throughout: 1\\.41 times fewer operations, \\d+\\.\\d\\d \
            times less time by these steps\\.
            """);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("shards", "tiny.yaml");
  }

  private int pretrain(String... options) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> command = new ArrayList<>(List.of("pretrain"));
    command.addAll(List.of(options));
    return Main.run(new PrintWriter(out), new PrintWriter(err), command.toArray(String[]::new));
  }
}
