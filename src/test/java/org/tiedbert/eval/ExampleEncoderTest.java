package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tiedbert.text.Vocabulary;

class ExampleEncoderTest {
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(
          List.of("[UNK]", "[PAD]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "##x"));

  /** By hand, popping from the longer list, from the second one where they are equally long. */
  @ParameterizedTest
  @CsvSource({
    "3, 4, 10, 3",
    "5, 5, 10, 5",
    "6, 5, 10, 5",
    "5, 6, 10, 5",
    "6, 6, 9, 5",
    "20, 2, 10, 8",
    "2, 20, 10, 2",
    "20, 20, 9, 5",
    "0, 20, 9, 0"
  })
  void theLongerTextLosesItsLastToken(int first, int second, int room, int kept) {
    assertThat(ExampleEncoder.keptOfFirst(first, second, room)).isEqualTo(kept);
  }

  @Test
  void textsAndPairsBecomeRowsWithSpecialTokens() {
    EncodedExample single = encode(16, TextPair.of("a bx")).get(0);
    assertThat(single.inputIds()).isDeepEqualTo(new int[][] {{2, 5, 6, 10, 3}});
    assertThat(single.numFirst()).containsExactly(5);
    EncodedExample pair = encode(16, TextPair.of("a b", "c [SEP]")).get(0);
    // [SEP] in a text is text: brackets and a word, all of them unknown here
    assertThat(pair.inputIds()).isDeepEqualTo(new int[][] {{2, 5, 6, 3, 7, 0, 0, 0, 3}});
    assertThat(pair.numFirst()).containsExactly(4);
    assertThat(pair.target()).isNaN();
    assertThat(pair.length()).isEqualTo(9);
  }

  @Test
  void longOnesAreCut() {
    assertThat(encode(5, TextPair.of("a b c d e")).get(0).inputIds())
        .isDeepEqualTo(new int[][] {{2, 5, 6, 7, 3}});
    assertThat(encode(8, TextPair.of("a b c d e", "e d c b a")).get(0).inputIds())
        .isDeepEqualTo(new int[][] {{2, 5, 6, 7, 3, 9, 8, 3}});
    assertThat(encode(8, TextPair.of("a", "e d c b a")).get(0).inputIds())
        .isDeepEqualTo(new int[][] {{2, 5, 3, 9, 8, 7, 6, 3}});
    assertThat(encode(8, TextPair.of("", "")).get(0).inputIds())
        .isDeepEqualTo(new int[][] {{2, 3, 3}});
  }

  @Test
  void everyChoiceIsARow() {
    EncodedExample example = encode(16, TextPair.of("a", "b"), TextPair.of("a", "c d")).get(0);
    assertThat(example.inputIds()).isDeepEqualTo(new int[][] {{2, 5, 3, 6, 3}, {2, 5, 3, 7, 8, 3}});
    TokenBatch batch = TokenBatch.of(List.of(example), new int[] {0}, 1, 16);
    // 6 tokens, padded to 8
    assertThat(batch.numRows()).isEqualTo(2);
    assertThat(batch.inputIds()).containsExactly(2, 5, 3, 6, 3, 1, 1, 1, 2, 5, 3, 7, 8, 3, 1, 1);
    assertThat(batch.segmentIds()).containsExactly(0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0);
  }

  private static List<EncodedExample> encode(int maxSeqLength, TextPair... inputs) {
    try (ExampleEncoder encoder = new ExampleEncoder(VOCABULARY, true, maxSeqLength)) {
      return encoder.encode(List.of(new Example(0, List.of(inputs), OptionalDouble.empty())));
    }
  }
}
