package org.tiedbert.engine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.TensorFlow;
import org.tiedbert.engine.EngineConfig.Device;

/**
 * What a step runs on, for people who compare runs: programs and machine, and nothing that tells
 * whose machine it is.
 *
 * @param tiedBert version of this program
 * @param tensorFlow version of TensorFlow's native library
 * @param tensorFlowJava version of its Java API, and the platform it was built for
 * @param java version of the runtime
 * @param os name, version and architecture
 * @param cpu model of the processor, or its architecture where the system does not tell
 * @param numCpus processors that this process may use
 * @param memoryBytes of the machine or the container, 0 where unknown
 * @param device where steps run
 * @param gpus models of the graphics processors; empty where steps run on the CPU
 * @param numThreads threads for the operations of a step
 */
public record Environment(
    String tiedBert,
    String tensorFlow,
    String tensorFlowJava,
    String java,
    String os,
    String cpu,
    int numCpus,
    long memoryBytes,
    Device device,
    List<String> gpus,
    int numThreads) {
  static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path NVIDIA_GPUS = Path.of("/proc/driver/nvidia/gpus");

  public Environment {
    gpus = List.copyOf(gpus);
  }

  /** That of this process. */
  public static Environment of(EngineConfig engine) {
    Build build = Build.current();
    int numCpus = Runtime.getRuntime().availableProcessors();
    return new Environment(
        build.tiedBert(),
        TensorFlow.version(),
        "%s (%s)".formatted(build.tensorFlowJava(), build.platform()),
        "%s (%s)".formatted(Runtime.version(), System.getProperty("java.vm.name")),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        field(CPU_INFO, "model name").orElse(System.getProperty("os.arch")),
        numCpus,
        totalMemory(),
        engine.device(),
        engine.device() == Device.GPU ? nvidiaGpus(NVIDIA_GPUS) : List.of(),
        engine.threadsOrAll());
  }

  private static long totalMemory() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  /** One folder a device, as NVIDIA's driver for Linux has them; elsewhere none is found. */
  static List<String> nvidiaGpus(Path devices) {
    if (!Files.isDirectory(devices)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(devices)) {
      return folders
          .sorted()
          .flatMap(device -> field(device.resolve("information"), "Model").stream())
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // of interest to people alone, and no reason not to train
    }
  }

  /** The first value of a field in a file of lines such as {@code model name : AMD EPYC}. */
  static Optional<String> field(Path file, String name) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.contains(":"))
          .filter(line -> line.substring(0, line.indexOf(':')).strip().equals(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .filter(value -> !value.isEmpty())
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
