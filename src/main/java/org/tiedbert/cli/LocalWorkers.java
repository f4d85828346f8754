package org.tiedbert.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.tiedbert.cluster.ClusterSpec;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Starts several workers on this machine, each a process of its own with its share of the cores,
 * and all of them again when one is lost: they continue from the last checkpoint.
 */
final class LocalWorkers {
  private static final int FIRST_SIGNAL_STATUS = 128;
  private static final List<Integer> STOPPED_STATUS =
      List.of(FIRST_SIGNAL_STATUS + 2, FIRST_SIGNAL_STATUS + 15); // SIGINT, SIGTERM

  private final int numWorkers;
  private final int maxRestarts;
  private final Duration grace;
  private final CommandSpec spec;
  private volatile boolean stopped;
  private volatile List<Process> workers = List.of();

  /**
   * @param grace what is left to the others to end by themselves, once one has ended in failure
   * @param spec of the command that each worker is to run with the same options
   */
  LocalWorkers(int numWorkers, int maxRestarts, Duration grace, CommandSpec spec) {
    this.numWorkers = numWorkers;
    this.maxRestarts = maxRestarts;
    this.grace = grace;
    this.spec = spec;
  }

  /** Runs the workers to their end; returns the exit status. */
  int run() {
    return StopOnSignal.run(this::supervise, this::stop);
  }

  /** The chief tells the others. */
  private void stop() {
    stopped = true;
    workers.stream().findFirst().ifPresent(Process::destroy);
  }

  private int supervise() {
    for (int restarts = 0; ; restarts++) {
      List<Integer> statuses = runOnce();
      int status = status(statuses);
      if (status != Main.WORKER_LOST || stopped) {
        return status;
      }
      String ends = "workers ended with the statuses %s".formatted(statuses);
      if (restarts == maxRestarts) {
        say("%s, after %d restarts; the last checkpoint stands".formatted(ends, restarts));
        return status;
      }
      say(
          "%s; all start again from the last checkpoint, restart %d of at most %d"
              .formatted(ends, restarts + 1, maxRestarts));
    }
  }

  /** That of the run: a worker's own failure comes before what the others make of it. */
  private static int status(List<Integer> statuses) {
    for (int decided : new int[] {ExitCode.USAGE, ExitCode.SOFTWARE}) {
      if (statuses.contains(decided)) {
        return decided;
      }
    }
    return statuses.stream()
        .filter(status -> status != ExitCode.OK)
        .map(status -> STOPPED_STATUS.contains(status) ? status : Main.WORKER_LOST)
        .max(Integer::compare)
        .orElse(ExitCode.OK);
  }

  private List<Integer> runOnce() {
    List<Process> running = new ArrayList<>();
    try {
      List<String> addresses = ClusterSpec.freeLocalAddresses(numWorkers);
      for (int worker = 0; worker < numWorkers; worker++) {
        running.add(start(new ClusterSpec(addresses, worker)));
      }
      workers = List.copyOf(running);
      if (stopped) {
        stop();
      }
      return await(running);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      running.forEach(Process::destroyForcibly);
    }
  }

  private List<Integer> await(List<Process> workers) throws InterruptedException {
    List<Integer> statuses = new ArrayList<>();
    boolean failed = false;
    while (workers.stream().anyMatch(Process::isAlive) && !failed) {
      Thread.sleep(50);
      failed =
          workers.stream()
              .anyMatch(worker -> !worker.isAlive() && worker.exitValue() != ExitCode.OK);
    }
    for (Process worker : workers) {
      endInput(worker);
    }
    long end = System.nanoTime() + grace.toNanos();
    for (Process worker : workers) {
      if (!worker.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        worker.destroyForcibly();
      }
      statuses.add(worker.waitFor());
    }
    return statuses;
  }

  /** Those that still wait for one that is lost stop at that. */
  private static void endInput(Process worker) {
    try {
      worker.getOutputStream().close();
    } catch (IOException e) {
      // it has ended already
    }
  }

  private Process start(ClusterSpec cluster) throws IOException {
    WorkerProcess worker =
        new WorkerProcess(
            arguments(), Optional.of(cluster), WorkerProcess.cpusOfEach(numWorkers), numWorkers);
    return worker.start(cluster.worker() == 0 ? Redirect.INHERIT : Redirect.DISCARD);
  }

  /** Those of this command line without the one that brought it here. */
  private List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
    int option = arguments.indexOf(WorkersOptions.LOCAL_WORKERS);
    if (option >= 0) {
      arguments.subList(option, option + 2).clear();
    }
    arguments.removeIf(argument -> argument.startsWith(WorkersOptions.LOCAL_WORKERS + "="));
    return arguments;
  }

  private void say(String line) {
    spec.commandLine().getErr().println("tiedbert: " + line);
  }
}
