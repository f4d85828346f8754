package org.tiedbert.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.cluster.ClusterSpec;

/**
 * How another process of this program is started on this machine, as one of several.
 *
 * @param arguments of its command line
 * @param cluster who the workers are, and which of them it is; empty if it is the only one
 * @param numCpus processors that it may use
 * @param memoryPercent of the machine's memory that its heap may take
 */
record WorkerProcess(
    List<String> arguments, Optional<ClusterSpec> cluster, int numCpus, int memoryPercent) {
  /** Set in a worker: the process that started it, without which it is not to live on. */
  static final String SUPERVISOR = "tiedbert.supervisor";

  WorkerProcess {
    arguments = List.copyOf(arguments);
  }

  /** Starts it; its errors go where ours go. */
  Process start(Redirect input, Redirect output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.environment().remove(ClusterSpec.TF_CONFIG);
    cluster.ifPresent(spec -> builder.environment().put(ClusterSpec.TF_CONFIG, spec.toTfConfig()));
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "3"); // its errors are told by ours
    builder.redirectInput(input);
    builder.redirectError(Redirect.INHERIT);
    builder.redirectOutput(output);
    return builder.start();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-Dtiedbert."))
        .forEach(command::add);
    command.add("-XX:ActiveProcessorCount=" + numCpus);
    command.add("-XX:MaxRAMPercentage=" + memoryPercent);
    command.add("-D%s=%d".formatted(SUPERVISOR, ProcessHandle.current().pid()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return command;
  }
}
