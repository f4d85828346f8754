package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceTrieTest {
  private static final int NUM_IDS = 12;

  @Test
  void leadsToTheLongestToken() {
    // given
    PieceTrie trie = new PieceTrie(NUM_IDS);
    trie.add(new int[] {3}, false, 0);
    trie.add(new int[] {3, 4, 5}, false, 1);
    trie.add(new int[] {4}, true, 2);
    trie.pack();
    // then
    assertThat(longest(trie, 0, 3, 4, 4)).isEqualTo(match(1, 0));
    assertThat(longest(trie, 0, 3, 4, 5, 3)).isEqualTo(match(3, 1));
    assertThat(longest(trie, 0, 4)).isZero();
    assertThat(longest(trie, trie.continuation(), 4, 3)).isEqualTo(match(1, 2));
    assertThat(longest(trie, trie.continuation(), 3)).isZero();
    assertThat(trie.maxLength()).isEqualTo(3);
  }

  @Test
  void equalsAMapOverRandomTokens() {
    // given
    Random random = new Random(1);
    PieceTrie trie = new PieceTrie(NUM_IDS);
    Map<String, Integer> tokens = new HashMap<>();
    for (int token = 0; token < 2000; token++) {
      int[] ids = random.ints(1 + random.nextInt(5), 1, NUM_IDS).toArray();
      boolean continuation = random.nextBoolean();
      if (tokens.putIfAbsent(continuation + Arrays.toString(ids), token) == null) {
        trie.add(ids, continuation, token);
      }
    }
    trie.pack();
    for (int i = 0; i < 5000; i++) {
      int[] ids = random.ints(1 + random.nextInt(6), 0, NUM_IDS).toArray();
      boolean continuation = random.nextBoolean();
      // when
      int found = longest(trie, continuation ? trie.continuation() : 0, ids);
      // then
      int expected = 0;
      for (int length = 1; length <= ids.length; length++) {
        Integer token = tokens.get(continuation + Arrays.toString(Arrays.copyOf(ids, length)));
        expected = token == null ? expected : match(length, token);
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void hasNothingWithoutTokens() {
    PieceTrie trie = new PieceTrie(NUM_IDS);
    trie.pack();
    assertThat(longest(trie, 0, 3)).isZero();
    assertThat(longest(trie, trie.continuation(), NUM_IDS - 1)).isZero();
  }

  @Test
  void refusesTokensLongerThanAnyWord() {
    assertThatThrownBy(() -> new PieceTrie(NUM_IDS).add(new int[101], false, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token 7 of 101 characters has no place in the trie");
  }

  /** Walks as the graph does. */
  private static int longest(PieceTrie trie, int start, int... ids) {
    int state = start;
    int cell = 0;
    for (int id : ids) {
      int next = state + id;
      boolean led = trie.check()[next] == state;
      cell = led ? next : cell;
      state = trie.base()[led ? next : 0];
    }
    return trie.match()[cell];
  }

  private static int match(int length, int token) {
    return (length << PieceTrie.LENGTH_SHIFT) | (token + 1);
  }
}
