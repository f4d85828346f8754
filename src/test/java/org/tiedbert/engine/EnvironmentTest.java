package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.TensorFlow;
import org.tiedbert.engine.EngineConfig.Device;

class EnvironmentTest {
  @TempDir Path folder;

  private static Environment here(int numThreads) {
    return Environment.of(new EngineConfig(Precision.FLOAT32, XlaMode.OFF, Device.CPU, numThreads));
  }

  @Test
  void isThatOfThisProcess() {
    Environment here = here(0);
    assertThat(here.tiedBert()).isEqualTo(Build.current().tiedBert()).matches("\\d+\\.\\d+\\..*");
    assertThat(here.tensorFlow()).isEqualTo(TensorFlow.version());
    assertThat(here.tensorFlowJava()).startsWith(Build.current().tensorFlowJava() + " (");
    assertThat(here.java()).startsWith(Runtime.version().toString());
    assertThat(here.os()).contains(System.getProperty("os.name"), System.getProperty("os.arch"));
    assertThat(here.cpu()).isNotBlank();
    assertThat(here.numCpus()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(here.memoryBytes()).isGreaterThan(1L << 28);
    assertThat(here.device()).isEqualTo(Device.CPU);
    assertThat(here.gpus()).isEmpty();
  }

  @Test
  void threadsAreThoseThatWork() {
    assertThat(here(0).numThreads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(here(3).numThreads()).isEqualTo(3);
  }

  @Test
  void doesNotTellWhoseMachineItIs() throws IOException {
    assertThat(here(1).toString())
        .doesNotContain(InetAddress.getLocalHost().getHostName())
        .doesNotContain(System.getProperty("user.home"))
        .doesNotContain(System.getProperty("user.dir"));
  }

  @Test
  void readsWhatTheDriverSaysOfEachDevice() throws IOException {
    for (String bus : List.of("0000:01:00.0", "0000:02:00.0")) {
      Path device = Files.createDirectories(folder.resolve(bus));
      Files.writeString(
          device.resolve("information"), "Model: \t\t NVIDIA H100\nIRQ:   \t\t 0\nModel: other\n");
    }
    Files.createDirectory(folder.resolve("0000:03:00.0"));
    assertThat(Environment.nvidiaGpus(folder)).containsExactly("NVIDIA H100", "NVIDIA H100");
    assertThat(Environment.nvidiaGpus(folder.resolve("none"))).isEmpty();
  }

  @Test
  void aFieldIsFoundByItsWholeName() throws IOException {
    Path file = folder.resolve("cpuinfo");
    Files.writeString(file, "processor\t: 0\nmodel\t\t: 85\nmodel name\t: A CPU: fast\nempty:\n");
    assertThat(Environment.field(file, "model name")).contains("A CPU: fast");
    assertThat(Environment.field(file, "model")).contains("85");
    assertThat(Environment.field(file, "empty")).isEmpty();
    assertThat(Environment.field(file, "name")).isEmpty();
    Files.write(file, new byte[] {'m', (byte) 0xff, ':', 'x'});
    assertThat(Environment.field(file, "m")).isEmpty();
  }
}
