package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tiedbert.export.Turns.Times;

class TurnsTest {
  private static final List<List<String>> BATCHES =
      List.of(List.of("a", "b"), List.of("c", "d"), List.of("e", "f"));

  /** Takes a known time for everything, and writes down what it was asked. */
  private record Sleeper(String name, long millis, List<String> log) implements TextEmbedder {
    @Override
    public float[][] embed(List<String> texts) {
      log.add(name + texts);
      sleep();
      return new float[texts.size()][1];
    }

    @Override
    public void tokenize(List<String> texts) {
      sleep();
    }

    private void sleep() {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {}
  }

  @Test
  void bothGoThroughTheSameBatchesAndEachComesFirstInTurn() {
    // given: calls of 10 and 100 ms, so that two or three of the slower one fill a turn of 300 ms
    List<String> log = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    TextEmbedder fast = new Sleeper("fast", 10, log);
    TextEmbedder slow = new Sleeper("slow", 100, log);
    // when
    List<Times> times =
        new Turns(List.of(fast, slow), BATCHES)
            .measure(Duration.ofMillis(400), done -> ends.add(log.size()));
    // then
    int numTurns = times.get(0).turns().size();
    int numCalls = times.get(0).calls().size() / numTurns;
    assertThat(ends).hasSize(numTurns).hasSizeGreaterThan(1);
    List<String> second = log.subList(ends.get(0), ends.get(1));
    assertThat(second).hasSize(2 * numCalls);
    assertThat(names(second)).isEqualTo("slow".repeat(numCalls) + "fast".repeat(numCalls));
    assertThat(second.get(0).substring(4)).isEqualTo(second.get(numCalls).substring(4));
    assertThat(times.get(1).turns()).hasSize(numTurns);
    assertThat(times.get(0).total() + times.get(1).total())
        .isGreaterThanOrEqualTo(2 * Duration.ofMillis(400).toNanos());
    assertThat(times.get(1).total()).isGreaterThan(2 * times.get(0).total());
    // tokenizing takes the sleeper as long as all of a call
    assertThat((double) times.get(1).tokenizing() / times.get(1).total()).isBetween(0.6, 1.6);
  }

  private static String names(List<String> calls) {
    return String.join("", calls.stream().map(call -> call.substring(0, 4)).toList());
  }
}
