package org.tiedbert.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * Learns a WordPiece vocabulary from text, the way Hugging Face's {@code BertWordPieceTokenizer}
 * does: count the words, start from their characters, and over and over join the two neighbouring
 * pieces that stand side by side most often (byte-pair encoding with {@code ##} in front of pieces
 * that continue a word; Sennrich et al. 2016, Wu et al. 2016).
 *
 * <p>The vocabulary starts with [PAD] [UNK] [CLS] [SEP] [MASK]; then come the characters and the
 * {@code ##} characters, each by code point; then the joined pieces in the order learned. Ties go
 * to the pair of earlier tokens, so that the result depends on the text and the settings alone: not
 * on the number of threads, nor on how the lines are dealt out to calls of {@link #add}.
 *
 * <p>Two departures: words that a model would read as [UNK] anyway, being over 100 characters long
 * or holding a character outside the alphabet, are left out whole; and where there are more
 * distinct words than fit in memory (two million) the rarest are forgotten on the way.
 *
 * <p>A heap of 300 MB serves 200 MB of English; the number of words kept bounds it for any text.
 * For use by one thread.
 */
public final class WordPieceTrainer {
  /**
   * What to learn. Build with {@link #of} and change by name.
   *
   * @param vocabSize most entries the vocabulary may have, special tokens and characters included
   * @param lowerCase whether letters are lowered and accents taken off first
   * @param minFrequency how often two pieces must stand side by side to be joined, at least 1
   * @param limitAlphabet how many distinct characters to keep, the most frequent first
   */
  public record Settings(int vocabSize, boolean lowerCase, int minFrequency, int limitAlphabet) {
    public Settings {
      requireAtLeast("vocabSize", vocabSize, Vocabulary.SPECIAL.size());
      requireAtLeast("minFrequency", minFrequency, 1);
      requireAtLeast("limitAlphabet", limitAlphabet, 1);
    }

    /** Uncased, with Hugging Face's minFrequency of 2 and limitAlphabet of 1,000. */
    public static Settings of(int vocabSize) {
      return new Settings(vocabSize, true, 2, 1000);
    }

    public Settings withLowerCase(boolean value) {
      return new Settings(vocabSize, value, minFrequency, limitAlphabet);
    }

    public Settings withMinFrequency(int value) {
      return new Settings(vocabSize, lowerCase, value, limitAlphabet);
    }

    public Settings withLimitAlphabet(int value) {
      return new Settings(vocabSize, lowerCase, minFrequency, value);
    }

    private static void requireAtLeast(String name, int value, int least) {
      if (value < least) {
        throw new IllegalArgumentException(
            "%s must be at least %d, got %d".formatted(name, least, value));
      }
    }
  }

  private final Settings settings;
  private final WordCounts words;

  /**
   * @param numThreads how many threads count words, beside the one that reads them
   */
  public WordPieceTrainer(Settings settings, int numThreads) {
    this.settings = settings;
    this.words = new WordCounts(settings.lowerCase(), numThreads);
  }

  /** Counts the words of more lines; they are taken in order, on the calling thread. */
  public void add(Iterator<String> lines) {
    words.add(lines);
  }

  /** {@link #train(IntConsumer)} without a report. */
  public Vocabulary train() {
    return train(size -> {});
  }

  /**
   * Learns the vocabulary of all lines added. It has fewer entries than asked for where the text
   * runs out of pairs that come {@code minFrequency} times.
   *
   * @param progress told the number of entries so far, each time it grows
   * @throws InputException if the text has no word, or its characters alone are more than {@code
   *     vocabSize}
   */
  public Vocabulary train(IntConsumer progress) {
    Map<String, Long> counts = words.counts();
    TreeSet<Integer> alphabet = alphabet(counts);
    List<Map.Entry<String, Long>> spelled =
        counts.entrySet().stream()
            .filter(word -> word.getKey().codePoints().allMatch(alphabet::contains))
            .toList();
    if (spelled.isEmpty()) {
      throw new InputException("a vocabulary is learnt from words, the text has none; give text");
    }
    PairMerges merges = new PairMerges(firstTokens(alphabet, spelled), spelled);
    int numCharacters = merges.tokens().size();
    if (numCharacters > settings.vocabSize()) {
      throw new InputException(
          ("vocabSize=%d has no room for the %d special tokens and characters of the text; ask for"
                  + " more entries, or keep fewer characters than limitAlphabet=%d")
              .formatted(settings.vocabSize(), numCharacters, settings.limitAlphabet()));
    }
    progress.accept(numCharacters);
    merges.learn(settings.vocabSize(), settings.minFrequency(), progress);
    return Vocabulary.of(merges.tokens());
  }

  private TreeSet<Integer> alphabet(Map<String, Long> counts) {
    Map<Integer, Long> characters = new TreeMap<>();
    counts.forEach(
        (word, count) -> word.codePoints().forEach(c -> characters.merge(c, count, Long::sum)));
    return characters.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder())) // stable: then by code point
        .limit(settings.limitAlphabet())
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> firstTokens(
      TreeSet<Integer> alphabet, List<Map.Entry<String, Long>> counts) {
    TreeSet<Integer> continuing = new TreeSet<>();
    counts.forEach(word -> word.getKey().codePoints().skip(1).forEach(continuing::add));
    List<String> tokens = new ArrayList<>(Vocabulary.SPECIAL);
    alphabet.forEach(c -> tokens.add(Character.toString(c)));
    continuing.forEach(c -> tokens.add(Vocabulary.CONTINUATION + Character.toString(c)));
    return tokens;
  }
}
