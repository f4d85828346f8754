package org.tiedbert.batch;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Calls a supplier ahead of time on a thread of its own, up to a bounded number of values. What the
 * supplier throws comes out of {@link #next} in its place, after the values made before it, and of
 * every call after.
 */
final class Prefetcher<T> implements AutoCloseable {
  private final Supplier<T> supplier;
  private final int depth;
  private final Thread thread;
  // Guarded by this.
  private final Queue<T> ready = new ArrayDeque<>();
  private Throwable failure;
  private boolean closed;

  Prefetcher(Supplier<T> supplier, int depth) {
    this.supplier = supplier;
    this.depth = depth;
    thread = new Thread(this::fill, "batch-prefetcher");
    thread.setDaemon(true);
    thread.start();
  }

  private void fill() {
    try {
      while (awaitRoom()) {
        T value = supplier.get();
        synchronized (this) {
          ready.add(value);
          notifyAll();
        }
      }
    } catch (RuntimeException | Error | InterruptedException e) {
      synchronized (this) {
        failure = e;
        notifyAll();
      }
    }
  }

  /** Waits until there is room for another value; false once closed. */
  private synchronized boolean awaitRoom() throws InterruptedException {
    while (!closed && ready.size() >= depth) {
      wait();
    }
    return !closed;
  }

  synchronized T next() {
    while (!closed && failure == null && ready.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for a batch", e);
      }
    }
    if (closed) {
      throw new IllegalStateException("the source of batches is closed");
    }
    if (ready.isEmpty()) {
      throw rethrown();
    }
    notifyAll();
    return ready.remove();
  }

  private RuntimeException rethrown() {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException exception
        ? exception
        : new IllegalStateException(failure);
  }

  /** Waits for the supplier's running call, so that what it uses may be closed. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
