package org.tiedbert.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tiedbert.text.WordPieceTrainer.Settings;

class WordPieceTrainerTest {
  private static final String SPECIAL = "[PAD] [UNK] [CLS] [SEP] [MASK] ";

  private static final List<String> TEXT =
      List.of(
          "hug ".repeat(10),
          "Pug ".repeat(5),
          "pun ".repeat(12),
          "bun ".repeat(4),
          "hugs ".repeat(5));

  /*
   * Worked by hand. At first: h·##u·##g 10, p·##u·##g 5, p·##u·##n 12, b·##u·##n 4, h·##u·##g·##s 5.
   *   h·##u 15, ##u·##g 20, p·##u 17, ##u·##n 16, b·##u 4, ##g·##s 5     joins ##ug, 20
   *   h·##ug 15, p·##ug 5, p·##u 12, ##u·##n 16, b·##u 4, ##ug·##s 5     joins ##un, 16
   *   h·##ug 15, p·##ug 5, p·##un 12, b·##un 4, ##ug·##s 5               joins hug, 15
   *   p·##ug 5, p·##un 12, b·##un 4, hug·##s 5                           joins pun, 12
   *   p·##ug 5, b·##un 4, hug·##s 5         a tie, and p is older than hug: pug, then hugs, then bun
   */
  @Test
  void joinsTheMostFrequentPairFirst() {
    assertThat(train(TEXT, Settings.of(100)))
        .isEqualTo(SPECIAL + "b g h n p s u ##g ##n ##s ##u ##ug ##un hug pun pug hugs bun");
  }

  @Test
  void stopsAtTheSizeOrTheFrequencyAskedFor() {
    assertThat(train(TEXT, Settings.of(18)))
        .isEqualTo(SPECIAL + "b g h n p s u ##g ##n ##s ##u ##ug ##un");
    assertThat(train(TEXT, Settings.of(100).withMinFrequency(13)))
        .isEqualTo(SPECIAL + "b g h n p s u ##g ##n ##s ##u ##ug ##un hug");
    assertThat(train(TEXT, Settings.of(100).withMinFrequency(13).withLowerCase(false)))
        .isEqualTo(SPECIAL + "P b g h n p s u ##g ##n ##s ##u ##ug ##un hug");
  }

  @Test
  void leavesOutWordsWithCharactersOutsideTheAlphabet() {
    // given: u 36, g 20, p 17, n 16, h 15 stay, s 5 and b 4 go, and with them hugs and bun
    // then: h·##u 10, ##u·##g 15, p·##u 17, ##u·##n 12 joins pu; pu·##g 5, pu·##n 12 joins pun;
    // h·##u 10, ##u·##g 10, a tie, joins hu; then hug 10 and pug 5
    assertThat(train(TEXT, Settings.of(100).withLimitAlphabet(5)))
        .isEqualTo(SPECIAL + "g h n p u ##g ##n ##u pu pun hu hug pug");
  }

  @Test
  void joinsOverlappingPairsFromLeftToRight() {
    // given: a·##a 2, ##a·##a 4 joins ##aa; a·##aa 2, ##aa·##a 2, a tie, joins aaa; then aaaa
    assertThat(train(List.of("aaaa aaaa"), Settings.of(100)))
        .isEqualTo(SPECIAL + "a ##a ##aa aaa aaaa");
  }

  @Test
  void agreesWithCountingAllPairsAnewAtEveryStep() {
    for (int seed = 0; seed < 20; seed++) {
      // given: words of few letters, full of repeats and of pieces that come about in two ways
      Random random = new Random(seed);
      Map<String, Integer> words = new HashMap<>();
      for (int i = 0; i < 40; i++) {
        StringBuilder word = new StringBuilder();
        for (int j = random.nextInt(9); j >= 0; j--) {
          word.append((char) ('a' + random.nextInt(3)));
        }
        words.merge(word.toString(), 1 + random.nextInt(4), Integer::sum);
      }
      List<String> lines = new ArrayList<>();
      words.forEach((word, count) -> lines.add((word + " ").repeat(count)));
      // then
      List<String> tokens = trained(lines, Settings.of(90), 1).tokens();
      assertThat(tokens).isEqualTo(slowly(tokens.subList(0, 11), words, 90));
    }
  }

  @Test
  void dependsNeitherOnThreadsNorOnCalls() {
    // given
    Random random = new Random(3);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      lines.add(Integer.toString((int) Math.exp(14 * random.nextDouble()), 26) + " end " + i);
    }
    WordPieceTrainer trainer = new WordPieceTrainer(Settings.of(2000), 3);
    // when
    trainer.add(lines.subList(0, 7).iterator());
    trainer.add(lines.subList(7, lines.size()).iterator());
    // then
    Vocabulary expected = trained(lines, Settings.of(2000), 1);
    assertThat(trainer.train().tokens()).hasSize(2000).isEqualTo(expected.tokens());
  }

  @Test
  void reportsEveryNewEntry() {
    // given
    WordPieceTrainer trainer = new WordPieceTrainer(Settings.of(19), 1);
    trainer.add(TEXT.iterator());
    List<Integer> sizes = new ArrayList<>();
    // when
    trainer.train(sizes::add);
    // then: 5 special tokens and 11 characters, then three joins
    assertThat(sizes).containsExactly(16, 17, 18, 19);
  }

  @Test
  void refusesTextWithoutAWord() {
    for (List<String> text : List.of(List.<String>of(), List.of(" ", "\0\0"))) {
      assertThatThrownBy(() -> train(text, Settings.of(100)))
          .isInstanceOf(InputException.class)
          .hasMessage("a vocabulary is learnt from words, the text has none; give text");
    }
  }

  @Test
  void refusesASizeTooSmallForTheCharacters() {
    assertThatThrownBy(() -> train(TEXT, Settings.of(15)))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "vocabSize=15 has no room for the 16 special tokens and characters of the text; ask for"
                + " more entries, or keep fewer characters than limitAlphabet=1000");
    assertThatThrownBy(() -> Settings.of(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("vocabSize must be at least 5, got 4");
    assertThatThrownBy(() -> Settings.of(9).withMinFrequency(0))
        .hasMessage("minFrequency must be at least 1, got 0");
    assertThatThrownBy(() -> Settings.of(9).withLimitAlphabet(0))
        .hasMessage("limitAlphabet must be at least 1, got 0");
  }

  private static String train(List<String> lines, Settings settings) {
    return String.join(" ", trained(lines, settings, 2).tokens());
  }

  private static Vocabulary trained(List<String> lines, Settings settings, int numThreads) {
    WordPieceTrainer trainer = new WordPieceTrainer(settings, numThreads);
    trainer.add(lines.iterator());
    return trainer.train();
  }

  /** The same by definition: spell every word with the pieces so far, count all pairs, join one. */
  private static List<String> slowly(List<String> first, Map<String, Integer> words, int size) {
    List<String> tokens = new ArrayList<>(first);
    Map<List<String>, Integer> spelled = new HashMap<>();
    words.forEach((word, count) -> spelled.put(letters(word), count));
    while (tokens.size() < size) {
      Map<List<String>, Integer> pairs = new HashMap<>();
      spelled.forEach(
          (pieces, count) -> {
            for (int i = 1; i < pieces.size(); i++) {
              pairs.merge(pieces.subList(i - 1, i + 1), count, Integer::sum);
            }
          });
      List<String> best = null;
      for (String left : tokens) {
        for (String right : tokens) {
          int count = pairs.getOrDefault(List.of(left, right), 0);
          if (count >= 2 && (best == null || count > pairs.get(best))) {
            best = List.of(left, right);
          }
        }
      }
      if (best == null) {
        return tokens;
      }
      String joined = best.get(0) + best.get(1).substring(2);
      if (!tokens.contains(joined)) {
        tokens.add(joined);
      }
      Set<List<String>> all = new HashSet<>(spelled.keySet());
      for (List<String> pieces : all) {
        int count = spelled.remove(pieces);
        spelled.put(joined(pieces, best, joined), count);
      }
    }
    return tokens;
  }

  private static List<String> letters(String word) {
    List<String> pieces = new ArrayList<>(List.of(word.substring(0, 1)));
    word.substring(1).chars().forEach(c -> pieces.add("##" + (char) c));
    return pieces;
  }

  private static List<String> joined(List<String> pieces, List<String> pair, String joined) {
    List<String> result = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      boolean match = i + 1 < pieces.size() && pieces.subList(i, i + 2).equals(pair);
      result.add(match ? joined : pieces.get(i));
      i += match ? 1 : 0;
    }
    return result;
  }
}
