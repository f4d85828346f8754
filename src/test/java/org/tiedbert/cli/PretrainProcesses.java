package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processes of {@code tiedbert pretrain} on one run, and what there is to see of them. */
final class PretrainProcesses implements AutoCloseable {
  private final Path folder;
  private final Path run;
  private final List<Process> processes = new ArrayList<>();

  /**
   * @param folder for what they print
   */
  PretrainProcesses(Path folder, Path run) {
    this.folder = folder;
    this.run = run;
  }

  Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "-Xmx512m"));
    command.addAll(List.of(Main.class.getName(), "pretrain", "--output", run.toString()));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(outputOf(processes.size()).toFile())
            .redirectError(folder.resolve("err-%d.txt".formatted(processes.size())).toFile())
            .start();
    processes.add(process);
    return process;
  }

  void awaitStep(Process process, long step) throws Exception {
    while (lastStep() < step) {
      assertThat(process.isAlive())
          .as(
              () ->
                  "process %d wrote %s".formatted(processes.size(), errorsOf(processes.size() - 1)))
          .isTrue();
      Thread.sleep(1);
    }
  }

  Path outputOf(int index) {
    return folder.resolve("out-%d.txt".formatted(index));
  }

  String errorsOf(int index) {
    try {
      return Files.readString(folder.resolve("err-%d.txt".formatted(index)));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Of the updates in the log; the last line may be a part of one. */
  long lastStep() throws IOException {
    Path metrics = run.resolve("metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines
          .filter(line -> line.startsWith("{\"kind\":\"step\",\"step\":") && line.endsWith("}"))
          .mapToLong(line -> Long.parseLong(line.replaceFirst("^.*?\"step\":(\\d+),.*", "$1")))
          .max()
          .orElse(0);
    }
  }

  @Override
  public void close() {
    processes.forEach(process -> process.descendants().forEach(ProcessHandle::destroyForcibly));
    processes.forEach(Process::destroyForcibly);
  }
}
