package org.tiedbert.corpus;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Applies a function to a stream of items on several threads and gives the results in the items'
 * order. One further thread draws the items. At most three per worker are under way.
 */
final class OrderedWorkers<T, R> implements AutoCloseable {
  private final Supplier<T> items;
  private final Function<T, R> function;
  private final BlockingQueue<Future<R>> results;
  private final ExecutorService workers;
  private final Thread reader;

  /**
   * @param items gives null at the end; called by one thread
   * @param function never gives null
   */
  OrderedWorkers(int threads, Supplier<T> items, Function<T, R> function) {
    this.items = items;
    this.function = function;
    results = new ArrayBlockingQueue<>(2 * threads);
    workers = Executors.newFixedThreadPool(threads);
    reader = new Thread(this::readAll, "document-reader");
    reader.setDaemon(true);
    reader.start();
  }

  private void readAll() {
    try {
      for (T item = items.get(); item != null; item = items.get()) {
        T drawn = item;
        results.put(workers.submit(() -> function.apply(drawn)));
      }
      results.put(CompletableFuture.completedFuture(null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed before the end
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    try {
      results.put(CompletableFuture.failedFuture(cause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next result, or null at the end; throws what the reader or the function threw. */
  R next() {
    try {
      return results.take().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Stops and waits for the threads, so that what they use may be closed. */
  @Override
  public void close() {
    reader.interrupt();
    workers.shutdownNow();
    boolean interrupted = false;
    while (true) {
      try {
        reader.join();
        if (workers.awaitTermination(1, TimeUnit.DAYS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
