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
 * @param numProcesses that share the machine's memory
 */
record WorkerProcess(
    List<String> arguments, Optional<ClusterSpec> cluster, int numCpus, int numProcesses) {
  /** Set in a process that was started like this. */
  private static final String SUPERVISED = "tiedbert.supervised";

  /** Of the machine's memory, all heaps together; tensors are not in them. */
  private static final int HEAPS_PERCENT = 50;

  WorkerProcess {
    arguments = List.copyOf(arguments);
  }

  /** Whether this process was started like this; its standard input ends when it is to end. */
  static boolean isSupervised() {
    return Boolean.getBoolean(SUPERVISED);
  }

  /** The processors that each of so many processes has for itself. */
  static int cpusOfEach(int numProcesses) {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / numProcesses);
  }

  /** Starts it; its errors go where ours go. */
  Process start(Redirect output) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.environment().remove(ClusterSpec.TF_CONFIG);
    cluster.ifPresent(spec -> builder.environment().put(ClusterSpec.TF_CONFIG, spec.toTfConfig()));
    builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "3"); // its errors are told by ours
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
    command.add("-XX:MaxRAMPercentage=" + Math.max(1, HEAPS_PERCENT / numProcesses));
    command.add("-D%s=true".formatted(SUPERVISED));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(arguments);
    return command;
  }
}
