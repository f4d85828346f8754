package org.tiedbert.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds {@link BasicTokenizer} to Hugging Face's tokenizer: with a vocabulary of nothing but the
 * words it finds, that tokenizer gives exactly these words only if it splits and normalizes alike;
 * anything else it cannot spell.
 */
class BasicTokenizerTest {
  @Test
  void splitsAsTheReferenceTestDoes() {
    // then: tokenization_test.py of google-research/bert
    assertThat(words(" \tHeLLo!how  \n Are yoU?  ", true))
        .containsExactly("hello", "!", "how", "are", "you", "?");
    assertThat(words("H\u00E9llo", true)).containsExactly("hello");
    assertThat(words(" \tHeLLo!how  \n Are yoU?  ", false))
        .containsExactly("HeLLo", "!", "how", "Are", "yoU", "?");
    assertThat(words("ah\u535A\u63A8zz", true)).containsExactly("ah", "\u535A", "\u63A8", "zz");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void agreesOnEveryCharacterInUse(boolean lowerCase) {
    // given: every character of the first two planes, between two letters
    List<String> texts =
        IntStream.rangeClosed(0, 0x1ffff)
            .filter(c -> Character.getType(c) != Character.SURROGATE)
            .mapToObj(c -> "x" + Character.toString(c) + "y")
            .toList();
    // when
    List<String> differing = differing(texts, lowerCase);
    // then: all that differ are of later Unicode versions than Hugging Face's tables
    assertThat(differing).hasSizeLessThan(1000);
    assertThat(differing).noneMatch(text -> isCommon(text.codePointAt(1)));
  }

  /** Latin, Greek, Cyrillic, Devanagari, Thai, signs, CJK, kana, Hangul, emoji. */
  private static boolean isCommon(int c) {
    return c < 0x560
        || (c >= 0x0900 && c < 0x0980)
        || (c >= 0x0e00 && c < 0x0e80)
        || (c >= 0x1e00 && c < 0x2c00)
        || (c >= 0x3000 && c < 0xa000)
        || (c >= 0xac00 && c < 0x10000)
        || (c >= 0x1f000 && c < 0x20000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void agreesOnMixedText(boolean lowerCase) {
    // given: what interacts, over and over in different order
    String[] parts = {
      "Été",
      "e\u0301\u0323",
      "İstanbul",
      "ΣΊΣΥΦΟΣ",
      "straße",
      "don't",
      "a.b.c",
      " ",
      "\u00a0",
      "\u3000",
      "\t",
      "\r\n",
      "\u0000",
      "\ufffd",
      "\u200d",
      "\u00ad",
      "中文",
      "ひらがな",
      "パ",
      "한글",
      "漢",
      "👩\u200d🔬",
      "Привет",
      "й",
      "ไทย",
      "नमस्ते",
      "\u0300",
      "$",
      "^",
      "`",
      "¿",
      "—",
      "…",
      "x²",
      "ﬁ",
      "Ⅳ",
      "\u1fef",
      "\u212a",
    };
    Random random = new Random(1);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(8); j >= 0; j--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      texts.add(text.toString());
    }
    // then
    assertThat(differing(texts, lowerCase)).isEmpty();
  }

  private static List<String> differing(List<String> texts, boolean lowerCase) {
    Set<String> tokens = new LinkedHashSet<>(Vocabulary.SPECIAL);
    texts.forEach(text -> tokens.addAll(words(text, lowerCase)));
    Vocabulary vocabulary = Vocabulary.of(List.copyOf(tokens));
    try (BertTokenizer tokenizer = new BertTokenizer(vocabulary, lowerCase)) {
      return texts.stream()
          .filter(text -> !words(text, lowerCase).equals(decoded(tokenizer, text)))
          .toList();
    }
  }

  private static List<String> decoded(BertTokenizer tokenizer, String text) {
    return IntStream.of(tokenizer.encode(text)).mapToObj(tokenizer.vocabulary()::token).toList();
  }

  private static List<String> words(String text, boolean lowerCase) {
    List<String> words = new ArrayList<>();
    new BasicTokenizer(lowerCase).split(text, words::add);
    return words;
  }
}
