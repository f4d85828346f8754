package org.tiedbert.cluster;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.tensorflow.Result;
import org.tensorflow.Session;

/**
 * Tells of runs that wait for a lost worker and do not end. Before a session's first collective
 * operations it asks the chief for the number of the step; TensorFlow 2.18 asks a chief that is
 * gone again and again (MasterSession's RefreshStepIdSequence), without a deadline, and lets nobody
 * cancel it.
 */
final class RunWatch implements AutoCloseable {
  /** What operations that keep their deadline get to end by themselves. */
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final long EVERY_MILLIS = 500;

  private final Attendance attendance;
  private final Duration limit;
  private final Consumer<List<Integer>> stuck;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          new ThreadFactoryBuilder().setDaemon(true).setNameFormat("watch over runs").build());
  private volatile Long begunNanos;

  /**
   * @param deadline of the operations
   * @param stuck told which workers are lost, by another thread
   */
  RunWatch(Attendance attendance, Duration deadline, Consumer<List<Integer>> stuck) {
    this.attendance = attendance;
    this.limit = deadline.plus(GRACE);
    this.stuck = stuck;
    watch.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Runs what has collective operations in it; one at a time. */
  Result run(Session.Runner runner) {
    begunNanos = System.nanoTime();
    try {
      return runner.run();
    } finally {
      begunNanos = null;
    }
  }

  private void look() {
    Long begun = begunNanos;
    if (begun != null && System.nanoTime() - begun > limit.toNanos()) {
      List<Integer> lost = attendance.lost(limit);
      if (!lost.isEmpty()) {
        stuck.accept(lost);
      }
    }
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }
}
