package org.tiedbert.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.tiedbert.cli.RunConfigReader;
import org.tiedbert.cluster.ClusterSpec;

/** Several workers of one run, as threads of this process, each with a server of its own. */
final class WorkersSetup {
  private WorkersSetup() {}

  /** Addresses on this machine that nothing listens on. */
  static List<String> addresses(int numWorkers) {
    try {
      return ClusterSpec.freeLocalAddresses(numWorkers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One worker of a run that is yet to be started. */
  static PreTraining worker(
      PreTrainingConfig config, Path output, Progress progress, ClusterSpec cluster) {
    String yaml = RunConfigReader.write(config);
    return new PreTraining(config, yaml, output, progress, Optional.of(cluster), lost -> {});
  }

  /** Runs all workers to their end; the outcome or exception of each. */
  static List<Object> run(List<PreTraining> workers) {
    ExecutorService threads = Executors.newFixedThreadPool(workers.size());
    try {
      List<Future<PreTraining.Outcome>> running =
          workers.stream().map(worker -> threads.submit(worker::run)).toList();
      List<Object> ends = new ArrayList<>();
      for (Future<PreTraining.Outcome> end : running) {
        try {
          ends.add(end.get());
        } catch (ExecutionException e) {
          ends.add(e.getCause());
        }
      }
      return ends;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Trains with so many workers; what each of them tells goes to a progress of its own. */
  static List<Object> run(
      PreTrainingConfig config, Path output, int numWorkers, IntFunction<Progress> progress) {
    List<String> addresses = addresses(numWorkers);
    List<PreTraining> workers = new ArrayList<>();
    for (int worker = 0; worker < numWorkers; worker++) {
      ClusterSpec cluster = new ClusterSpec(addresses, worker);
      workers.add(worker(config, output, progress.apply(worker), cluster));
    }
    return run(workers);
  }
}
