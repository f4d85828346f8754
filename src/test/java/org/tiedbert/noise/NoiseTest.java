package org.tiedbert.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tiedbert.noise.NoiseGraph.View;

/** What each variant of {@link Noise} does beyond the common contract. */
class NoiseTest {
  private static final int SEQ_LENGTH = 128;
  private static final int MAX_PREDICTIONS = 20;

  @Test
  void countIsTheRoundedShareWithinItsBounds() {
    assertThat(Sequences.count(0.15, 0, 20)).isZero();
    assertThat(Sequences.count(0.15, 1, 20)).isEqualTo(1); // 0.15, at least one
    assertThat(Sequences.count(0.15, 9, 20)).isEqualTo(1); // 1.35
    assertThat(Sequences.count(0.15, 11, 20)).isEqualTo(2); // 1.65
    assertThat(Sequences.count(0.15, 126, 20)).isEqualTo(19); // 18.9
    assertThat(Sequences.count(0.15, 126, 12)).isEqualTo(12);
  }

  @Test
  void tokenMaskingShowsMaskRandomAndSameInTheirProportions() {
    // given: one id throughout, so that a random token is the same by chance once in 95
    int[][] ids = sameToken(16, 7);
    Shown shown = shown(new Noise.TokenMasking(0.15, 0.8, 0.1), ids, 200);
    // then: N = 200 · 16 · 19 = 60800; five standard deviations, √(0.8·0.2/N) and √(0.1·0.9/N)
    assertThat(shown.total()).isEqualTo(60800);
    assertThat(shown.share(shown.mask)).isCloseTo(0.8, within(0.0082));
    assertThat(shown.share(shown.other)).isCloseTo(0.1 * 94 / 95, within(0.0061));
    assertThat(shown.share(shown.same)).isCloseTo(0.1 + 0.1 / 95, within(0.0062));
  }

  @Test
  void randomTokensAreUniformOverAllThatAreNotSpecial() {
    // given
    int[][] ids = sameToken(16, 7);
    long[] bins = new long[NoiseText.SIZE];
    try (NoiseGraph graph = NoiseGraph.of(new Noise.TokenReplacement(0.15), ids, 20)) {
      // when
      for (int step = 0; step < 100; step++) {
        View view = graph.run(ids, step, 0);
        for (int row = 0; row < ids.length; row++) {
          for (int slot = 0; slot < view.numPredicted(row); slot++) {
            bins[view.inputIds()[row][view.positions()[row][slot]]]++;
          }
        }
      }
    }
    // then: χ² with 94 degrees of freedom has standard deviation √188 = 13.7
    double expected = 100 * 16 * 19 / 95.0;
    double chiSquare = 0;
    for (int id = 0; id < NoiseText.SIZE; id++) {
      if (NoiseText.isUntouchable(id) || id == NoiseText.UNK) {
        assertThat(bins[id]).isZero();
      } else {
        chiSquare += (bins[id] - expected) * (bins[id] - expected) / expected;
      }
    }
    assertThat(chiSquare).isBetween(94 - 5 * 13.7, 94 + 5 * 13.7);
  }

  @Test
  void unknownTokensAreMaskable() {
    // given
    int[][] ids = sameToken(4, NoiseText.UNK);
    // when
    Shown shown = shown(new Noise.TokenMasking(0.15, 1, 0), ids, 3);
    // then
    assertThat(shown.mask).isEqualTo(3 * 4 * 19);
  }

  @Test
  void wholeWordMaskingTakesWholeWordsUpToTheCount() {
    // given
    int[][] ids = NoiseText.batch(16, SEQ_LENGTH, 5);
    Noise noise = new Noise.WholeWordMasking(0.15, 0.8, 0.1);
    int exact = 0;
    int total = 0;
    try (NoiseGraph graph = NoiseGraph.of(noise, ids, MAX_PREDICTIONS)) {
      for (int step = 0; step < 50; step++) {
        // when
        View view = graph.run(ids, step, 0);
        // then
        for (int row = 0; row < ids.length; row++) {
          boolean[] predicted = view.predicted(row);
          int longest = 0;
          for (int start = 0; start < SEQ_LENGTH; start = wordEnd(ids[row], start)) {
            int end = wordEnd(ids[row], start);
            for (int i = start; i < end; i++) {
              assertThat(predicted[i]).isEqualTo(predicted[start]);
            }
            longest = predicted[start] ? Math.max(longest, end - start) : longest;
          }
          int count = Sequences.count(0.15, NoiseText.numMaskable(ids[row]), MAX_PREDICTIONS);
          // the last word starts below the count
          assertThat(view.numPredicted(row)).isLessThan(Math.max(1, count + longest));
          total++;
          exact += view.numPredicted(row) >= count ? 1 : 0;
        }
      }
    }
    // and: the count is missed only where nothing that is left fits, with long words near P
    assertThat(exact).isGreaterThan((int) (0.99 * total));
  }

  @Test
  void aWordLongerThanAllPredictionsIsNeverChosen() {
    // given: [CLS], a word of 5 pieces, a word of 1, [SEP]; at most 3 predictions
    int[][] ids = {{NoiseText.CLS, 5, 60, 61, 62, 63, 6, NoiseText.SEP}};
    try (NoiseGraph graph = NoiseGraph.of(new Noise.WholeWordMasking(0.5, 1, 0), ids, 3)) {
      for (int step = 0; step < 20; step++) {
        // when
        View view = graph.run(ids, step, 0);
        // then
        assertThat(view.numPredicted(0)).isEqualTo(1);
        assertThat(view.positions()[0][0]).isEqualTo(6);
      }
    }
  }

  @Test
  void aWordThatDoesNotFitMakesRoomForOneThatDoes() {
    // given: count = round(0.75 · 4) = 3 of at most 3; words of 2, 1 and 1 pieces
    int[][] ids = {{NoiseText.CLS, 5, 60, 6, 7, NoiseText.SEP}};
    try (NoiseGraph graph = NoiseGraph.of(new Noise.WholeWordMasking(0.75, 1, 0), ids, 3)) {
      for (int step = 0; step < 50; step++) {
        View view = graph.run(ids, step, 0);
        // then: 1 + 1 + 2 would be 4, so the short words stay alone only if nothing else fits
        int numPredicted = view.numPredicted(0);
        boolean shortWordsFirst = view.predicted(0)[3] && view.predicted(0)[4];
        assertThat(numPredicted).isEqualTo(shortWordsFirst ? 2 : 3);
      }
    }
  }

  @Test
  void spanMaskingDecidesOncePerSpan() {
    // given: every word of three pieces is a span, half of the spans are masked, half are kept
    int[][] ids = wordsOfThreePieces(16);
    int numMasked = 0;
    int numSpans = 0;
    try (NoiseGraph graph =
        NoiseGraph.of(new Noise.SpanMasking(0.15, 0.5, 0, 0.2, 1), ids, MAX_PREDICTIONS)) {
      for (int step = 0; step < 20; step++) {
        // when
        View view = graph.run(ids, step, 0);
        // then
        for (int row = 0; row < ids.length; row++) {
          boolean[] predicted = view.predicted(row);
          for (int start = 1; start < SEQ_LENGTH - 1; start = wordEnd(ids[row], start)) {
            boolean masked = view.inputIds()[row][start] == NoiseText.MASK;
            for (int i = start; i < wordEnd(ids[row], start) && predicted[i]; i++) {
              assertThat(view.inputIds()[row][i] == NoiseText.MASK).isEqualTo(masked);
            }
            numMasked += masked ? 1 : 0;
            numSpans += predicted[start] ? 1 : 0;
          }
        }
      }
    }
    // and: count 19 takes seven spans, the last one cut to one piece; N = 2240, five standard
    // deviations of √(N/4)
    assertThat(numSpans).isEqualTo(7 * 16 * 20);
    assertThat(numMasked).isBetween(1120 - 119, 1120 + 119);
  }

  @Test
  void spansStartAtWordsAndEndAtSpecialTokens() {
    // given: [SEP] cuts the word at 64 in two, as it does between two segments
    int[][] ids = wordsOfThreePieces(8);
    try (NoiseGraph graph =
        NoiseGraph.of(new Noise.SpanMasking(0.15, 1, 0, 0.2, 10), ids, MAX_PREDICTIONS)) {
      for (int step = 0; step < 50; step++) {
        // when
        View view = graph.run(ids, step, 0);
        // then
        for (int row = 0; row < ids.length; row++) {
          boolean[] predicted = view.predicted(row);
          for (int i = 1; i < SEQ_LENGTH; i++) {
            if (predicted[i] && !predicted[i - 1] && i != 65) {
              assertThat(NoiseText.isContinuation(ids[row][i])).isFalse();
            }
          }
          // count 19 is at most seven words, were each a span of its own
          assertThat(numRuns(predicted)).isBetween(1, 7);
        }
      }
    }
  }

  @Test
  void tokenReplacementNeverShowsMask() {
    Shown shown = shown(new Noise.TokenReplacement(0.15), sameToken(16, 7), 50);
    assertThat(shown.mask).isZero();
    assertThat(shown.share(shown.same)).isCloseTo(1 / 95.0, within(0.0042));
  }

  @Test
  void refusesWhatIsNoRateOrProbability() {
    assertThatThrownBy(() -> new Noise.TokenMasking(0, 0.8, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rate must lie in (0, 1], got 0.0");
    assertThatThrownBy(() -> new Noise.TokenReplacement(Double.NaN))
        .hasMessage("rate must lie in (0, 1], got NaN");
    assertThatThrownBy(() -> new Noise.WholeWordMasking(0.15, 0.8, 0.3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must add up to at most 1, got 0.8 and 0.3");
    assertThatThrownBy(() -> new Noise.SpanMasking(0.15, 0.8, 0.1, 1, 10))
        .hasMessage("spanEndProb must lie in (0, 1), got 1.0");
    assertThatThrownBy(() -> new Noise.SpanMasking(0.15, 0.8, 0.1, 0.2, 0))
        .hasMessage("maxSpanWords must be at least 1, got 0");
  }

  /** How often a predicted position showed [MASK], another token, or itself. */
  private static final class Shown {
    int mask;
    int other;
    int same;

    int total() {
      return mask + other + same;
    }

    double share(int number) {
      return (double) number / total();
    }
  }

  private static Shown shown(Noise noise, int[][] ids, int numSteps) {
    Shown shown = new Shown();
    try (NoiseGraph graph = NoiseGraph.of(noise, ids, MAX_PREDICTIONS)) {
      for (int step = 0; step < numSteps; step++) {
        View view = graph.run(ids, step, 0);
        for (int row = 0; row < ids.length; row++) {
          for (int slot = 0; slot < view.numPredicted(row); slot++) {
            int id = view.inputIds()[row][view.positions()[row][slot]];
            shown.mask += id == NoiseText.MASK ? 1 : 0;
            shown.same += id == view.labels()[row][slot] ? 1 : 0;
            shown.other += id != NoiseText.MASK && id != view.labels()[row][slot] ? 1 : 0;
          }
        }
      }
    }
    return shown;
  }

  /** [CLS], 126 times one token, [SEP]. */
  private static int[][] sameToken(int numRows, int token) {
    int[][] ids = new int[numRows][SEQ_LENGTH];
    for (int[] row : ids) {
      Arrays.fill(row, token);
      row[0] = NoiseText.CLS;
      row[SEQ_LENGTH - 1] = NoiseText.SEP;
    }
    return ids;
  }

  /** [CLS], words of three pieces with a [SEP] in the middle, [SEP]. */
  private static int[][] wordsOfThreePieces(int numRows) {
    int[][] ids = new int[numRows][SEQ_LENGTH];
    for (int[] row : ids) {
      Arrays.setAll(row, i -> (i - 1) % 3 == 0 ? 5 : 60 + i % 30);
      row[0] = NoiseText.CLS;
      row[64] = NoiseText.SEP;
      row[SEQ_LENGTH - 1] = NoiseText.SEP;
    }
    return ids;
  }

  private static int wordEnd(int[] ids, int start) {
    int end = start + 1;
    while (!NoiseText.isUntouchable(ids[start])
        && end < ids.length
        && NoiseText.isContinuation(ids[end])) {
      end++;
    }
    return end;
  }

  private static int numRuns(boolean[] flags) {
    int numRuns = 0;
    for (int i = 1; i < flags.length; i++) {
      numRuns += flags[i] && !flags[i - 1] ? 1 : 0;
    }
    return numRuns;
  }
}
