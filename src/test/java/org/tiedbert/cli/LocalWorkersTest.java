package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.train.PreTrainingSetup;

class LocalWorkersTest {
  private static final String STEPS = "stages={kind: plain, steps: 150}";

  @TempDir Path folder;

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
  void whenOneIsLostAllStartAgain() throws Exception {
    // given
    Process supervisor =
        processes.start(
            "--config",
            config.toString(),
            "--local-workers",
            "2",
            "--set",
            STEPS,
            "checkpoint.everySteps=10",
            "cluster.timeout=5s");
    processes.awaitStep(supervisor, 15);
    List<ProcessHandle> workers = supervisor.children().toList();
    assertThat(workers).hasSize(2);
    int lost = new Random().nextInt(2);
    // when
    workers.get(lost).destroyForcibly();
    // then
    assertThat(supervisor.waitFor(180, TimeUnit.SECONDS)).isTrue();
    String said = processes.errorsOf(0);
    assertThat(supervisor.exitValue()).as(said).isZero();
    assertThat(said)
        .containsPattern(
            "tiedbert: worker \\d \\(127.0.0.1:\\d+\\) was lost. Start all workers again")
        .containsPattern("workers ended with the statuses \\[(137, 3|3, 137)]; all start again")
        .contains("restart 1 of at most 5");
    // then: the one that is named is the one that ended by the signal
    Matcher named = Pattern.compile("tiedbert: worker (\\d) .* was lost").matcher(said);
    assertThat(named.find()).isTrue();
    assertThat(said)
        .contains(named.group(1).equals("0") ? "statuses [137, 3]" : "statuses [3, 137]");
    assertThat(PreTrainingSetup.latest(run).state().step()).isEqualTo(150);
    assertThat(PreTrainingSetup.metrics(run)).filteredOn(m -> m.contains("\"step\",")).hasSize(150);
  }

  /** Waiting has no deadline then; five minutes are more than the test waits. */
  @Test
  void whenOneIsLostBeforeAllHaveMetTheOthersStopAtOnce() throws Exception {
    // given
    Process supervisor =
        processes.start(
            "--config", config.toString(), "--local-workers", "2", "--set", "cluster.timeout=5m");
    while (supervisor.children().count() < 2) {
      assertThat(supervisor.isAlive()).as(processes.errorsOf(0)).isTrue();
      Thread.sleep(1);
    }
    // when
    supervisor.children().findFirst().orElseThrow().destroyForcibly();
    // then
    assertThat(supervisor.waitFor(180, TimeUnit.SECONDS)).isTrue();
    String said = processes.errorsOf(0);
    assertThat(supervisor.exitValue()).as(said).isZero();
    assertThat(said).contains("restart 1 of at most 5");
    assertThat(PreTrainingSetup.latest(run).state().step()).isEqualTo(15);
  }

  @Test
  void whatIsWrongWithTheWorkersIsAConfigurationError() {
    String two = "cluster.workers=['10.0.0.1:7101', '10.0.0.2:7101']";
    assertRefused("say which this is by --worker", "--set", two);
    assertRefused("--worker is a number in cluster.workers", "--worker", "1");
    assertRefused("--worker must be from 0 to 1", "--worker", "2", "--set", two);
    assertRefused("leave --worker out", "--worker", "0", "--local-workers", "2", "--set", two);
    assertRefused("--local-workers must be at least 1", "--local-workers", "0");
    assertRefused("host:port", "--worker", "0", "--set", "cluster.workers=['nowhere']");
    assertRefused("--i-have-a-private-network", "--worker", "0", "--set", two);
    assertRefused(
        "a sequence for each of the 2 workers",
        "--worker",
        "0",
        "--i-have-a-private-network",
        "--set",
        two,
        "data.batchSize=1",
        "data.microBatchSize=1");
    assertThat(run).doesNotExist();
  }

  private void assertRefused(String problem, String... options) {
    err.getBuffer().setLength(0);
    List<String> command = new ArrayList<>(List.of("pretrain", "--config", config.toString()));
    command.addAll(List.of("--output", run.toString()));
    command.addAll(List.of(options));
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            command.toArray(String[]::new));
    assertThat(status).as(err::toString).isEqualTo(2);
    assertThat(err.toString()).contains(problem);
  }
}
