package org.tiedbert.cluster;

import com.google.common.net.HostAndPort;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Which other workers are there, by whether their ports can be connected to. Once all have been
 * there it looks again every second, so that a failure can be told by who was missing first.
 */
final class Attendance implements AutoCloseable {
  private static final int CONNECT_MILLIS = 1000;
  private static final long EVERY_MILLIS = 1000;
  private static final int NOTE_EVERY = 20;

  private final ClusterSpec cluster;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("workers' attendance").build());
  private final Map<Integer, Long> missingSinceNanos = new TreeMap<>();

  Attendance(ClusterSpec cluster) {
    this.cluster = cluster;
  }

  /**
   * Waits until all workers have been there at the same time.
   *
   * @param note told now and then who is waited for
   * @param given up when it says so
   * @return whether they are
   */
  boolean await(Consumer<String> note, BooleanSupplier givenUp) {
    for (int times = 0; !givenUp.getAsBoolean(); times++) {
      List<Integer> missing = missing();
      if (missing.isEmpty()) {
        watch.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        return true;
      }
      if (times % NOTE_EVERY == 2) {
        note.accept("waiting for " + names(missing));
      }
      if (!sleep()) {
        return false;
      }
    }
    return false;
  }

  private static boolean sleep() {
    try {
      Thread.sleep(EVERY_MILLIS / 4);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void look() {
    long now = System.nanoTime();
    List<Integer> missing = missing();
    missingSinceNanos.keySet().retainAll(missing);
    missing.forEach(worker -> missingSinceNanos.putIfAbsent(worker, now));
  }

  /** Those missing now that were missing first; empty if all are there. */
  synchronized List<Integer> lost() {
    look();
    long first = missingSinceNanos.values().stream().mapToLong(Long::longValue).min().orElse(0);
    long together = first + Duration.ofMillis(2 * EVERY_MILLIS).toNanos();
    return missingSinceNanos.entrySet().stream()
        .filter(missing -> missing.getValue() < together)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Those missing for so long without a break. */
  synchronized List<Integer> lost(Duration forAtLeast) {
    long latest = System.nanoTime() - forAtLeast.toNanos();
    return missingSinceNanos.entrySet().stream()
        .filter(missing -> missing.getValue() - latest <= 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<Integer> missing() {
    List<Integer> missing = new ArrayList<>();
    for (int worker = 0; worker < cluster.workers().size(); worker++) {
      if (worker != cluster.worker() && !isThere(cluster.address(worker))) {
        missing.add(worker);
      }
    }
    return missing;
  }

  private static boolean isThere(HostAndPort address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Such as "worker 1 (b:7101)", for messages. */
  String names(List<Integer> workers) {
    List<String> names =
        workers.stream()
            .map(worker -> "worker %d (%s)".formatted(worker, cluster.workers().get(worker)))
            .toList();
    return String.join(", ", names);
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
