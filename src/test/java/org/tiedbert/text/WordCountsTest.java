package org.tiedbert.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WordCountsTest {
  @Test
  void countsWordsButNotOverlongOnes() {
    // given
    WordCounts counts = new WordCounts(true, 2);
    // when
    counts.add(List.of("The cat, the CAT", "", "the " + "x".repeat(101)).iterator());
    // then
    assertThat(counts.counts()).isEqualTo(Map.of("the", 3L, "cat", 2L, ",", 1L));
  }

  @Test
  void forgetsTheRarestWordsAndKeepsTheOthersExactly() {
    // given: two words on each of 5,000 lines, and one new word on each; room for 500
    WordCounts counts = new WordCounts(true, 2, 1000, 500);
    // when
    counts.add(Stream.iterate(0, i -> i + 1).limit(5000).map(i -> "ever again w" + i).iterator());
    // then
    assertThat(counts.counts()).hasSizeLessThanOrEqualTo(500);
    assertThat(counts.counts()).containsEntry("ever", 5000L).containsEntry("again", 5000L);
  }

  @Test
  void dependsNeitherOnThreadsNorOnCalls() {
    // given: words of Zipf-like frequency, more than there is room for
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      lines.add("w" + (int) Math.exp(9 * random.nextDouble()) + " v" + random.nextInt(3000));
    }
    WordCounts one = new WordCounts(true, 1, 500, 300);
    WordCounts three = new WordCounts(true, 3, 500, 300);
    // when
    one.add(lines.iterator());
    for (int i = 0; i < lines.size(); i += 37) {
      three.add(lines.subList(i, Math.min(lines.size(), i + 37)).iterator());
    }
    // then
    assertThat(three.counts()).isEqualTo(one.counts()).hasSizeBetween(100, 300);
  }

  @Test
  void passesOnWhatTheReaderThrows() {
    WordCounts counts = new WordCounts(true, 1);
    Stream<String> broken =
        Stream.generate(
            () -> {
              throw new NoSuchElementException("the file is cut short");
            });
    assertThatThrownBy(() -> counts.add(broken.iterator())).hasMessage("the file is cut short");
    assertThatThrownBy(() -> new WordCounts(true, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("numThreads must be at least 1, got 0");
  }
}
