package org.tiedbert.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Long work in the foreground that Ctrl-C or SIGTERM ends in order, behind a checkpoint. */
final class StopOnSignal {
  private static final long SECONDS_TO_STOP = 600;

  private StopOnSignal() {}

  /**
   * Does the work. On a signal the process lives on until the work has ended, ten minutes at most.
   *
   * @param stop asks the work to end; called in another thread
   */
  static <T> T run(Supplier<T> work, Runnable stop) {
    CountDownLatch ended = new CountDownLatch(1);
    Thread onSignal = new Thread(() -> stopAndWait(stop, ended));
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      return work.get();
    } finally {
      ended.countDown();
      remove(onSignal);
    }
  }

  private static void stopAndWait(Runnable stop, CountDownLatch ended) {
    stop.run();
    try {
      if (!ended.await(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
        System.err.println("tiedbert: the step did not end; the last checkpoint stands");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is going down already, which is what the hook waits for.
    }
  }
}
