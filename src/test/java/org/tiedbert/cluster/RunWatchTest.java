package org.tiedbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunWatchTest {
  @TempDir Path folder;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void endProcesses() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void tellsOfALostChiefThatIsWaitedForForEver() throws Exception {
    // given
    List<String> addresses = ClusterSpec.freeLocalAddresses(2);
    // when
    Process chief = start(0, addresses);
    Process other = start(1, addresses);
    // then: TensorFlow hangs, past the two seconds of the deadline and three more
    assertThat(chief.waitFor(60, TimeUnit.SECONDS)).isTrue();
    long lost = System.nanoTime();
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - lost)).isGreaterThan(Duration.ofSeconds(5));
    String said = Files.readString(errorsOf(1));
    assertThat(other.exitValue()).as(said).isEqualTo(LostChief.LOST);
    assertThat(said)
        .contains(
            "worker 0 (%s) was lost. Start all workers again; they continue from the last checkpoint\n"
                .formatted(addresses.get(0)));
  }

  private Process start(int worker, List<String> addresses) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-Xmx256m"));
    command.addAll(List.of(LostChief.class.getName(), Integer.toString(worker)));
    command.addAll(addresses);
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out-%d.txt".formatted(worker)).toFile())
            .redirectError(errorsOf(worker).toFile())
            .start();
    processes.add(process);
    return process;
  }

  private Path errorsOf(int worker) {
    return folder.resolve("err-%d.txt".formatted(worker));
  }
}
