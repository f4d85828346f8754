package org.tiedbert.export;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Several ways of embedding the same batches, timed in turns: each goes through a few batches, then
 * the next through the same ones, over and over. So a machine that slows down meanwhile slows all.
 */
final class Turns {
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(1);
  private static final int LEAST_WARM_UP_CALLS = 3;

  /** Short beside a machine's drift, long beside the threads' waking up. */
  private static final Duration TURN = Duration.ofMillis(300);

  /** What was measured of one. All times in nanoseconds. */
  static final class Times {
    private final List<Long> calls = new ArrayList<>();
    private final List<Long> turns = new ArrayList<>();
    private long tokenizing;

    /** Adds a turn: the time of each call, and that of tokenizing the same batches. */
    void add(List<Long> turn, long tokenizingTurn) {
      calls.addAll(turn);
      turns.add(turn.stream().mapToLong(Long::longValue).sum());
      tokenizing += tokenizingTurn;
    }

    /** Of every call. */
    List<Long> calls() {
      return Collections.unmodifiableList(calls);
    }

    /** Of every turn; turn i of all went through the same batches. */
    List<Long> turns() {
      return Collections.unmodifiableList(turns);
    }

    /** Of all calls together. */
    long total() {
      return turns.stream().mapToLong(Long::longValue).sum();
    }

    /** Of all batches together, tokenized alone. */
    long tokenizing() {
      return tokenizing;
    }
  }

  private final List<? extends TextEmbedder> embedders;
  private final List<List<String>> batches;
  private int next;

  /**
   * @param batches gone through in a circle
   */
  Turns(List<? extends TextEmbedder> embedders, List<List<String>> batches) {
    this.embedders = embedders;
    this.batches = batches;
  }

  /**
   * Warms up, then measures until the embedders worked for the given time each on average.
   *
   * @param progress told the time measured so far, all embedders' together
   */
  List<Times> measure(Duration duration, Consumer<Duration> progress) {
    long warmUp = Math.min(LONGEST_WARM_UP.toNanos(), duration.toNanos());
    long slowest =
        embedders.stream().mapToLong(embedder -> warmUp(embedder, warmUp)).max().orElseThrow();
    int numCalls = (int) Math.max(1, TURN.toNanos() / slowest);
    List<Times> times = embedders.stream().map(embedder -> new Times()).toList();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < embedders.size(); i++) {
      order.add(i);
    }
    long total = 0;
    while (total < duration.toNanos() * embedders.size()) {
      List<List<String>> turn = nextBatches(numCalls);
      for (int i : order) {
        take(embedders.get(i), turn, times.get(i));
      }
      Collections.reverse(order); // nobody always comes first
      total = times.stream().mapToLong(Times::total).sum();
      progress.accept(Duration.ofNanos(total));
    }
    return times;
  }

  /** Nanoseconds of a call, once warm. */
  private long warmUp(TextEmbedder embedder, long nanos) {
    long start = System.nanoTime();
    long last = 0;
    for (int call = 0; call < LEAST_WARM_UP_CALLS || System.nanoTime() - start < nanos; call++) {
      List<String> batch = batches.get(call % batches.size());
      last = nanos(() -> embedder.embed(batch));
      embedder.tokenize(batch);
    }
    return last;
  }

  private static void take(TextEmbedder embedder, List<List<String>> turn, Times times) {
    List<Long> calls = new ArrayList<>();
    for (List<String> batch : turn) {
      calls.add(nanos(() -> embedder.embed(batch)));
    }
    times.add(calls, nanos(() -> turn.forEach(embedder::tokenize)));
  }

  private List<List<String>> nextBatches(int number) {
    List<List<String>> turn = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      turn.add(batches.get(next));
      next = (next + 1) % batches.size();
    }
    return turn;
  }

  private static long nanos(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }
}
