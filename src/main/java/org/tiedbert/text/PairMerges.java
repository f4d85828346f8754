package org.tiedbert.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;

/**
 * Words as sequences of pieces, at first single characters, in which the most frequent pair of
 * neighbours is joined over and over. The count of a pair is, at any time, the number of places
 * where it stands in the text; a join changes only the counts next to the pieces joined.
 */
final class PairMerges {
  private final List<String> tokens;
  private final Map<String, Integer> ids = new HashMap<>();
  private final int[][] words;
  private final long[] wordCounts;
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
  private List<Pair> grownPairs = new ArrayList<>();

  /** Two neighbouring pieces, how often they come, and the words in which they came. */
  private static final class Pair {
    final long key;
    long count;
    int[] inWords = new int[2];
    int numWords;
    boolean grown;

    Pair(long key) {
      this.key = key;
    }

    void addWord(int word) {
      if (numWords > 0 && inWords[numWords - 1] == word) {
        return;
      }
      if (numWords == inWords.length) {
        inWords = Arrays.copyOf(inWords, 2 * numWords);
      }
      inWords[numWords++] = word;
    }
  }

  /** A pair with the count it had when queued: most frequent first, then the earlier tokens. */
  private record Candidate(long count, long key) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int byCount = Long.compare(other.count, count);
      return byCount != 0 ? byCount : Long.compare(key, other.key);
    }
  }

  /**
   * @param firstTokens what the vocabulary starts with, every character of the words in it
   */
  PairMerges(List<String> firstTokens, List<Map.Entry<String, Long>> counts) {
    tokens = new ArrayList<>(firstTokens);
    for (int id = 0; id < tokens.size(); id++) {
      ids.put(tokens.get(id), id);
    }
    words = new int[counts.size()][];
    wordCounts = new long[counts.size()];
    for (int word = 0; word < words.length; word++) {
      words[word] = characters(counts.get(word).getKey());
      wordCounts[word] = counts.get(word).getValue();
      for (int i = 1; i < words[word].length; i++) {
        appears(words[word][i - 1], words[word][i], word);
      }
    }
  }

  /** The vocabulary so far. */
  List<String> tokens() {
    return tokens;
  }

  /**
   * Joins pairs until there are {@code size} tokens or no pair comes {@code minFrequency} times.
   */
  void learn(int size, int minFrequency, IntConsumer progress) {
    queueGrown(minFrequency);
    while (tokens.size() < size && !queue.isEmpty()) {
      Candidate candidate = queue.remove();
      Pair pair = pairs.get(candidate.key);
      if (pair == null || pair.count < minFrequency) {
        continue;
      }
      if (pair.count != candidate.count) {
        queue.add(new Candidate(pair.count, pair.key));
        continue;
      }
      int numTokens = tokens.size();
      join(pair);
      queueGrown(minFrequency);
      if (tokens.size() > numTokens) {
        progress.accept(tokens.size());
      }
    }
  }

  private void join(Pair pair) {
    int left = (int) (pair.key >> 32);
    int right = (int) pair.key;
    String text = tokens.get(left) + tokens.get(right).substring(Vocabulary.CONTINUATION.length());
    // The same piece may come about in two ways, abc from ab·c and from a·bc.
    Integer known = ids.putIfAbsent(text, tokens.size());
    int joined = known == null ? tokens.size() : known;
    if (known == null) {
      tokens.add(text);
    }
    // The list grows no further: joining takes places of this pair away and brings none.
    int[] inWords = Arrays.copyOf(pair.inWords, pair.numWords);
    for (int word : inWords) {
      join(word, left, right, joined);
    }
  }

  /** Replaces left·right by joined in one word, from left to right. */
  private void join(int word, int left, int right, int joined) {
    int[] pieces = words[word];
    int write = 0;
    int before = -1; // the piece that stood before pieces[read], as it was
    boolean beforeJoined = false;
    for (int read = 0; read < pieces.length; ) {
      boolean match = read + 1 < pieces.length && pieces[read] == left && pieces[read + 1] == right;
      int piece = match ? joined : pieces[read];
      if (write > 0 && (match || beforeJoined)) {
        disappears(before, pieces[read], word);
        appears(pieces[write - 1], piece, word);
      }
      if (match) {
        disappears(left, right, word);
      }
      before = match ? right : pieces[read];
      beforeJoined = match;
      read += match ? 2 : 1;
      pieces[write++] = piece;
    }
    if (write < pieces.length) {
      words[word] = Arrays.copyOf(pieces, write);
    }
  }

  private void appears(int left, int right, int word) {
    Pair pair = pairs.computeIfAbsent(key(left, right), Pair::new);
    pair.count += wordCounts[word];
    pair.addWord(word);
    if (!pair.grown) {
      pair.grown = true;
      grownPairs.add(pair);
    }
  }

  private void disappears(int left, int right, int word) {
    long key = key(left, right);
    Pair pair = pairs.get(key);
    pair.count -= wordCounts[word];
    if (pair.count == 0) {
      pairs.remove(key);
    }
  }

  private void queueGrown(int minFrequency) {
    for (Pair pair : grownPairs) {
      pair.grown = false;
      if (pair.count >= minFrequency) {
        queue.add(new Candidate(pair.count, pair.key));
      }
    }
    grownPairs = new ArrayList<>();
  }

  private int[] characters(String word) {
    int[] pieces = word.codePoints().toArray();
    for (int i = 0; i < pieces.length; i++) {
      String character = Character.toString(pieces[i]);
      pieces[i] = ids.get(i == 0 ? character : Vocabulary.CONTINUATION + character);
    }
    return pieces;
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }
}
