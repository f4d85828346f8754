package org.tiedbert.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.corpus.Split;
import org.tiedbert.text.Vocabulary;

/** Passages of held-out sequences, back from token ids to text. */
final class HeldOutText {
  private static final int MAX_TOKENS = 28;
  private static final int MIN_WORDS = 6;
  private static final int MIN_LETTERS = 4;

  private HeldOutText() {}

  /** The words of a passage; punctuation is a word too. */
  record Passage(List<String> words) {
    Passage {
      words = List.copyOf(words);
    }

    String text() {
      return join(words);
    }

    /**
     * With a word in the middle hidden that is a single token and long enough to mean something;
     * empty if there is none.
     */
    Optional<Gap> withGap(Vocabulary vocabulary) {
      int middle = words.size() / 2;
      return IntStream.range(1, words.size())
          .boxed()
          .filter(i -> isTelling(words.get(i)) && vocabulary.idOf(words.get(i)).isPresent())
          .min(Comparator.comparingInt(i -> Math.abs(i - middle)))
          .map(
              i ->
                  new Gap(
                      join(words.subList(0, i)),
                      words.get(i),
                      join(words.subList(i + 1, words.size()))));
    }

    private static boolean isTelling(String word) {
      return word.length() >= MIN_LETTERS && word.chars().allMatch(Character::isLetter);
    }

    private static String join(List<String> words) {
      return String.join(" ", words)
          .replaceAll(" (?=[,.;:!?)\\]%])", "")
          .replaceAll("(?<=[(\\[]) ", "")
          .replaceAll(" (['’]) (?=(s|t|re|ve|ll|d|m)\\b)", "$1");
    }
  }

  /** A text with one word hidden. */
  record Gap(String before, String word, String after) {
    String masked() {
      return "%s %s %s".formatted(before, Vocabulary.MASK, after).strip();
    }
  }

  /** A passage of each of so many sequences, spread over all of the held-out ones. */
  static List<Passage> read(Path shards, Vocabulary vocabulary, int number) {
    List<Passage> passages = new ArrayList<>();
    try (ShardReader reader = ShardReader.open(shards, Split.HELD_OUT, vocabulary)) {
      int[] inputIds = new int[reader.maxSeqLength()];
      int[] segmentIds = new int[reader.maxSeqLength()];
      long sequences = reader.numSequences();
      for (long i = 0; i < Math.min(number, sequences); i++) {
        reader.read(i * sequences / Math.min(number, sequences), inputIds, segmentIds, 0);
        Passage passage = passage(inputIds, vocabulary);
        if (passage.words().size() >= MIN_WORDS) {
          passages.add(passage);
        }
      }
    }
    return passages;
  }

  /** The beginning up to the last full stop within the limit, or else to the last whole word. */
  private static Passage passage(int[] inputIds, Vocabulary vocabulary) {
    List<String> words = new ArrayList<>();
    int numTokens = 0;
    int sentenceEnd = 0;
    boolean begun = false;
    for (int id : inputIds) {
      boolean ends = id == vocabulary.sepId() || id == vocabulary.padId();
      boolean continues = !ends && vocabulary.isContinuation(id);
      if (ends || (numTokens >= MAX_TOKENS && !continues)) {
        break;
      }
      if (vocabulary.isSpecial(id) && id != vocabulary.unkId()) {
        continue;
      }
      String token = vocabulary.token(id);
      begun = begun || !continues && Character.isLetterOrDigit(token.codePointAt(0));
      if (!begun) {
        continue; // the end of what a sequence before this one began
      }
      if (continues && !words.isEmpty()) {
        int last = words.size() - 1;
        words.set(last, words.get(last) + token.substring(Vocabulary.CONTINUATION.length()));
      } else {
        words.add(token);
      }
      numTokens++;
      sentenceEnd = token.equals(".") ? words.size() : sentenceEnd;
    }
    return new Passage(sentenceEnd >= MIN_WORDS ? words.subList(0, sentenceEnd) : words);
  }
}
