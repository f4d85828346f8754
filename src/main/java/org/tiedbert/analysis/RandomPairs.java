package org.tiedbert.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.tiedbert.text.InputException;

/**
 * Random pairs of the sentences of a text of any length: 2·N of them, each as likely as any other
 * (Vitter 1985, algorithm R), in random order, the i-th and the (N + i)-th a pair. No sentence is
 * in two pairs, unless the text has it twice. A function of the sentences and the seed alone.
 */
public final class RandomPairs {
  private static final int MIN_PAIRS = 2;
  private static final int MAX_PAIRS = 100_000_000;

  private final int numPairs;
  private final SplittableRandom random;
  private final List<String> kept = new ArrayList<>();
  private long numSeen;

  public RandomPairs(int numPairs, long seed) {
    if (numPairs < MIN_PAIRS || numPairs > MAX_PAIRS) {
      throw new IllegalArgumentException(
          "there must be %d pairs or more for a mean and its error, and at most %d, got %d"
              .formatted(MIN_PAIRS, MAX_PAIRS, numPairs));
    }
    this.numPairs = numPairs;
    this.random = new SplittableRandom(seed);
  }

  /** Adds the text's next sentence; one without a word is none. */
  public void add(String sentence) {
    String text = sentence.strip();
    if (text.isEmpty()) {
      return;
    }
    numSeen++;
    if (kept.size() < 2 * numPairs) {
      kept.add(text);
      return;
    }
    long place = random.nextLong(numSeen);
    if (place < kept.size()) {
      kept.set((int) place, text);
    }
  }

  /** Of the sentences that were added. */
  public long numSeen() {
    return numSeen;
  }

  /**
   * The pairs, once all sentences were added.
   *
   * @throws InputException if there were too few
   */
  public List<SentencePair> pairs() {
    if (kept.size() < 2 * numPairs) {
      String fewer = numSeen < 2 * MIN_PAIRS ? "" : "ask for %,d pairs or ".formatted(numSeen / 2);
      throw new InputException(
          "%,d pairs need %,d sentences, the text has %,d; %sgive more text"
              .formatted(numPairs, 2L * numPairs, numSeen, fewer));
    }
    List<String> shuffled = new ArrayList<>(kept);
    for (int i = shuffled.size() - 1; i > 0; i--) { // a fixed algorithm, whatever Java's is
      Collections.swap(shuffled, i, random.nextInt(i + 1));
    }
    List<SentencePair> pairs = new ArrayList<>();
    for (int i = 0; i < numPairs; i++) {
      pairs.add(new SentencePair(shuffled.get(i), shuffled.get(numPairs + i)));
    }
    return pairs;
  }
}
