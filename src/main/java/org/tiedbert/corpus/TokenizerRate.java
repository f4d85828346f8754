package org.tiedbert.corpus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.tiedbert.text.BertTokenizer;

/** How fast the tokenizer is when it has all threads to itself and its text in memory. */
final class TokenizerRate {
  private TokenizerRate() {}

  /** Tokenizes the batches over and over for a while; tokens per second of all threads together. */
  static double tokensPerSecond(
      BertTokenizer tokenizer, List<List<String>> batches, int threads, Duration duration) {
    AtomicInteger next = new AtomicInteger();
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        counts.add(
            workers.submit(
                () -> {
                  long numTokens = 0;
                  while (System.nanoTime() - start < duration.toNanos()) {
                    int batch = Math.floorMod(next.getAndIncrement(), batches.size());
                    for (int[] ids : tokenizer.encodeAll(batches.get(batch))) {
                      numTokens += ids.length;
                    }
                  }
                  return numTokens;
                }));
      }
      long sum = 0;
      for (Future<Long> count : counts) {
        sum += count.get();
      }
      return sum / ((System.nanoTime() - start) * 1e-9);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      workers.shutdown();
    }
  }
}
