package org.tiedbert.checkpoint;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.engine.EngineConfig;
import org.tiedbert.engine.EngineConfig.Device;
import org.tiedbert.engine.Environment;
import org.tiedbert.engine.Precision;
import org.tiedbert.engine.XlaMode;

class RunStartTest {
  private static final Environment HERE =
      Environment.of(new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, 2));

  @TempDir Path folder;

  private RunDirectory run() {
    return RunDirectory.createOrContinue(folder);
  }

  @Test
  void everyStartIsALine() throws IOException {
    RunStart first = RunStart.now(0, HERE);
    RunStart second = RunStart.now(7, HERE);
    first.append(run());
    second.append(new RunDirectory(folder));
    assertThat(RunStart.read(new RunDirectory(folder), RunStartTest::fail))
        .containsExactly(first, second);
    assertThat(Files.readAllLines(folder.resolve("environment.jsonl"))).hasSize(2);
    assertThat(Instant.parse(first.time())).isBeforeOrEqualTo(Instant.now());
  }

  @Test
  void aRunWithoutTheFileHasNone() {
    assertThat(RunStart.read(run(), RunStartTest::fail)).isEmpty();
  }

  @Test
  void damagedLinesArePassedOverAndWrittenBehind() throws IOException {
    RunStart.now(0, HERE).append(run());
    Path file = folder.resolve("environment.jsonl");
    Files.writeString(file, "{\"step\":3,\"ti", APPEND);
    RunStart last = RunStart.now(5, HERE);
    last.append(new RunDirectory(folder));
    List<String> damaged = new ArrayList<>();
    assertThat(RunStart.read(new RunDirectory(folder), damaged::add)).hasSize(2).endsWith(last);
    assertThat(damaged).containsExactly(file + ", line 2, is not a start of a run");
  }

  @Test
  void whatALaterVersionAddsIsPassedOver() throws IOException {
    RunStart start = RunStart.now(4, HERE);
    start.append(run());
    Path file = folder.resolve("environment.jsonl");
    Files.writeString(file, Files.readString(file).replace("{\"step\"", "{\"new\":1,\"step\""));
    assertThat(RunStart.read(new RunDirectory(folder), RunStartTest::fail)).containsExactly(start);
  }

  @Test
  void aFileThatCannotBeReadOrWrittenIsNamed() throws IOException {
    Path file = Files.createDirectory(folder.resolve("environment.jsonl"));
    List<String> damaged = new ArrayList<>();
    assertThat(RunStart.read(new RunDirectory(folder), damaged::add)).isEmpty();
    assertThat(damaged).singleElement().asString().startsWith(file + " cannot be read: ");
    RunStart start = RunStart.now(0, HERE);
    assertThatThrownBy(() -> start.append(new RunDirectory(folder)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(file + " cannot be written: ");
  }

  private static void fail(String damaged) {
    throw new AssertionError(damaged);
  }
}
