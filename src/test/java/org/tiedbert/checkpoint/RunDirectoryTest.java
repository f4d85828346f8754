package org.tiedbert.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  @TempDir Path directory;

  /** Another process: takes the lock, says so, and holds it until it is killed. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      RunDirectory.createOrContinue(Path.of(args[0])).lock();
      System.out.println("locked");
      Thread.sleep(60_000);
    }
  }

  @Test
  void isMadeThenContinued() {
    Path path = directory.resolve("runs/one");
    assertThat(RunDirectory.isAt(path)).isFalse();
    RunDirectory.createOrContinue(path).lock().close();
    assertThat(RunDirectory.isAt(path)).isTrue();
    RunDirectory run = RunDirectory.createOrContinue(path);
    run.lock().close();
    assertThat(run.checkpoints()).isEqualTo(path.resolve("checkpoints"));
  }

  @Test
  void refusesAFolderThatHoldsSomethingElse() throws IOException {
    Files.writeString(directory.resolve("config.yaml"), "somebody: else\n");
    assertThatThrownBy(() -> RunDirectory.createOrContinue(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "%s is not empty and is not a run directory (it holds no tiedbert.lock); "
                + "nothing in it was changed, choose another --output",
            directory);
    assertThat(directory).isDirectoryContaining("glob:**/config.yaml");
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> RunDirectory.createOrContinue(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("run directory %s cannot be made", file);
  }

  @Test
  void isLockedOnceInAProcess() {
    RunDirectory run = RunDirectory.createOrContinue(directory);
    try (RunLock lock = run.lock()) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> RunDirectory.createOrContinue(directory.resolve(".")).lock())
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(
              "is being written by this process, pid " + ProcessHandle.current().pid());
      assertThat(run.isBeingWritten()).isTrue();
      assertThatThrownBy(run::lock).isInstanceOf(CheckpointException.class); // still
    }
    assertThat(run.isBeingWritten()).isFalse();
    run.lock().close();
  }

  @Test
  void isLockedAgainstOtherProcessesUntilTheirEnd() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("locked");
      RunDirectory run = RunDirectory.createOrContinue(directory);
      assertThatThrownBy(run::lock)
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "%s is being written by another process, pid %d; wait for it or stop it",
              directory.toRealPath(), holder.pid());
      assertThat(run.isBeingWritten()).isTrue();
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertThat(new RunDirectory(directory).isBeingWritten()).isFalse();
    RunDirectory.createOrContinue(directory).lock().close();
  }
}
