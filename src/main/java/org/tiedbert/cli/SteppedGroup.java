package org.tiedbert.cli;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.tiedbert.cluster.ClusterSpec;

/** Processes that take the same steps together, or one that takes them alone. */
final class SteppedGroup implements AutoCloseable {
  private static final Splitter WORDS = Splitter.on(' ');
  private static final long EVERY_MILLIS = 20;
  private static final long SECONDS_TO_END = 10;

  private final List<SteppedProcess> processes = new ArrayList<>();

  /** How one of them is started, if it is in a cluster or not. */
  interface Starter {
    WorkerProcess process(Optional<ClusterSpec> cluster);
  }

  /** Starts so many and waits until all have warmed up; ended when closed. */
  SteppedGroup(int numWorkers, Starter starter) throws IOException {
    try {
      if (numWorkers == 1) {
        processes.add(new SteppedProcess("one worker alone", starter.process(Optional.empty())));
      } else {
        List<String> addresses = ClusterSpec.freeLocalAddresses(numWorkers);
        for (int worker = 0; worker < numWorkers; worker++) {
          Optional<ClusterSpec> cluster = Optional.of(new ClusterSpec(addresses, worker));
          processes.add(
              new SteppedProcess(
                  "worker %d of %d".formatted(worker, numWorkers), starter.process(cluster)));
        }
      }
      String line = answer();
      if (!line.equals(BenchTurns.READY)) {
        throw new IllegalStateException(
            "expected '%s', got '%s'".formatted(BenchTurns.READY, line));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Has all of them do what the line says; returns the seconds of the first. */
  double[] turn(String line) throws IOException {
    processes.forEach(process -> process.ask(line));
    return WORDS.splitToStream(answer()).mapToDouble(Double::parseDouble).toArray();
  }

  /** Waits until all have answered; if one ends, the others would wait for it for ever. */
  private String answer() throws IOException {
    List<SteppedProcess> silent = new ArrayList<>(processes);
    String first = null;
    while (!silent.isEmpty()) {
      for (SteppedProcess process : List.copyOf(silent)) {
        Optional<String> line = process.answer();
        if (line.isPresent()) {
          silent.remove(process);
          first = process == processes.get(0) ? line.get() : first;
        }
      }
      sleep();
    }
    return first;
  }

  private static void sleep() {
    try {
      Thread.sleep(EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    processes.forEach(SteppedProcess::endInput);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_END);
    try {
      for (SteppedProcess process : processes) {
        process.process().waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      processes.forEach(process -> process.process().destroyForcibly());
    }
  }
}
