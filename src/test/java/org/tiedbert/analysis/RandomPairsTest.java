package org.tiedbert.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tiedbert.text.InputException;

class RandomPairsTest {
  private static List<SentencePair> draw(int numPairs, int numSentences, long seed) {
    RandomPairs random = new RandomPairs(numPairs, seed);
    for (int i = 0; i < numSentences; i++) {
      random.add("sentence " + i);
    }
    return random.pairs();
  }

  @Test
  void noSentenceIsInTwoPairs() {
    List<String> texts = new ArrayList<>();
    draw(100, 1000, 3).forEach(pair -> texts.addAll(List.of(pair.first(), pair.second())));
    Set<String> distinct = new HashSet<>(texts);
    assertThat(texts).hasSize(200);
    assertThat(distinct).hasSize(200);
  }

  @Test
  void theSeedDecides() {
    assertThat(draw(10, 1000, 3)).isEqualTo(draw(10, 1000, 3)).isNotEqualTo(draw(10, 1000, 4));
  }

  @Test
  void everySentenceIsAsLikelyAsAnyOther() {
    // given: 4 of 40 sentences, drawn 4,000 times: 400 each, deviation √(4000·0.1·0.9) = 19
    int[] counts = new int[40];
    for (int seed = 0; seed < 4000; seed++) {
      for (SentencePair pair : draw(2, 40, seed)) {
        counts[Integer.parseInt(pair.first().substring(9))]++;
        counts[Integer.parseInt(pair.second().substring(9))]++;
      }
    }
    // then: within five deviations
    for (int count : counts) {
      assertThat(count).isBetween(305, 495);
    }
  }

  @Test
  void tooFewSentencesAreRefused() {
    assertThatThrownBy(() -> draw(10, 15, 1))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "10 pairs need 20 sentences, the text has 15; ask for 7 pairs or give more text");
    assertThatThrownBy(() -> draw(10, 3, 1))
        .hasMessage("10 pairs need 20 sentences, the text has 3; give more text");
    assertThatThrownBy(() -> new RandomPairs(1, 1))
        .hasMessage(
            "there must be 2 pairs or more for a mean and its error, and at most 100000000, got 1");
  }

  @Test
  void blankSentencesAreNone() {
    RandomPairs random = new RandomPairs(2, 1);
    random.add("  ");
    assertThat(random.numSeen()).isZero();
  }
}
