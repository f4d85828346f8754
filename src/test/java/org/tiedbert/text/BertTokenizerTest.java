package org.tiedbert.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BertTokenizerTest {
  // The vocabulary of google-research/bert's tokenization_test.py, and what the tests below add.
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(
          List.of(
              "[UNK]", "[CLS]", "[SEP]", "want", "##want", "##ed", "wa", "un", "runn", "##ing", ",",
              "[PAD]", "[MASK]", "mask", "[", "]", "語", ".", "n", "'", "t"));

  @Test
  void givesTheIdsOfTheReferenceTest() {
    try (BertTokenizer tokenizer = new BertTokenizer(VOCABULARY, true)) {
      // then: test_full_tokenizer in tokenization_test.py
      assertThat(tokenizer.encode("UNwant\u00E9d,running")).containsExactly(7, 4, 5, 10, 8, 9);
      assertThat(tokenizer.encode("unwantedX running")).containsExactly(0, 8, 9);
      assertThat(tokenizer.encode("un語, \u0000wa\tn")).containsExactly(7, 16, 10, 6, 18);
      assertThat(tokenizer.encode("")).isEmpty();
      assertThat(tokenizer.encode(" \n\u00ad")).isEmpty();
      assertThat(tokenizer.lowerCase()).isTrue();
      assertThat(tokenizer.vocabulary()).isSameAs(VOCABULARY);
    }
  }

  @Test
  void keepsCaseAndAccentsForACasedVocabulary() {
    try (BertTokenizer tokenizer = new BertTokenizer(VOCABULARY, false)) {
      assertThat(tokenizer.encode("unwanted UNwant\u00E9d")).containsExactly(7, 4, 5, 0);
      assertThat(tokenizer.lowerCase()).isFalse();
    }
  }

  @Test
  void makesUnknownOfWordsOverAHundredCharacters() {
    // given
    Vocabulary letters = Vocabulary.of(VocabularyTest.withSpecial("a", "##a"));
    try (BertTokenizer tokenizer = new BertTokenizer(letters, true)) {
      // then
      assertThat(tokenizer.encode("a".repeat(100))).hasSize(100).doesNotContain(1);
      assertThat(tokenizer.encode("a".repeat(101))).containsExactly(1);
    }
  }

  @Test
  void readsSpecialTokensInATextOnlyWhenAskedTo() {
    try (BertTokenizer plain = new BertTokenizer(VOCABULARY, true);
        BertTokenizer recognizing = BertTokenizer.recognizingSpecialTokens(VOCABULARY, true)) {
      assertThat(plain.encode("want[MASK]. [CLS]")).containsExactly(3, 14, 13, 15, 17, 14, 0, 15);
      assertThat(recognizing.encode("want[MASK]. [CLS]")).containsExactly(3, 12, 17, 1);
      assertThat(recognizing.encode("[mask]")).containsExactly(14, 13, 15);
    }
  }

  @Test
  void losesOnlyTheHalfOfASurrogatePair() {
    // given: an emoji's first half without the second, before a character beyond ASCII
    try (BertTokenizer tokenizer = new BertTokenizer(VOCABULARY, true)) {
      assertThat(tokenizer.encode("un\ud83d 語 \ude00wa 😀")).containsExactly(7, 16, 6, 0);
    }
  }

  @Test
  void encodesManyAsOneByOne() {
    try (BertTokenizer tokenizer = new BertTokenizer(VOCABULARY, true)) {
      List<int[]> ids = tokenizer.encodeAll(List.of("want", "", "unwanted."));
      assertThat(ids).containsExactly(new int[] {3}, new int[0], new int[] {7, 4, 5, 17});
    }
  }

  @Test
  void decodesPiecesToWords() {
    try (BertTokenizer tokenizer = new BertTokenizer(VOCABULARY, true)) {
      assertThat(tokenizer.decode(new int[] {1, 7, 4, 5, 10, 8, 9, 12, 17, 2}))
          .isEqualTo("[CLS] unwanted, running [MASK]. [SEP]");
      assertThat(tokenizer.decode(new int[0])).isEmpty();
      assertThatThrownBy(() -> tokenizer.decode(new int[] {21}))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void givesSeveralThreadsTheSameIds() throws Exception {
    // given
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      texts.add("unwanted, ".repeat(i % 7) + "running".repeat(i % 3));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (BertTokenizer tokenizer = new BertTokenizer(VOCABULARY, true)) {
      List<int[]> expected = tokenizer.encodeAll(texts);
      // when
      Callable<List<int[]>> encoding = () -> tokenizer.encodeAll(texts);
      // then
      for (Future<List<int[]>> ids :
          threads.invokeAll(List.of(encoding, encoding, encoding, encoding))) {
        assertThat(ids.get()).usingRecursiveComparison().isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesToWorkOnceClosed() {
    // given
    BertTokenizer tokenizer = new BertTokenizer(VOCABULARY, true);
    // when
    tokenizer.close();
    tokenizer.close();
    // then
    assertThatThrownBy(() -> tokenizer.encode("want"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the tokenizer is closed");
  }
}
