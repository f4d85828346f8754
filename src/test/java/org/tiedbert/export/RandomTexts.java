package org.tiedbert.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.tiedbert.text.Vocabulary;

/** Texts of tokens put together, of characters of one script or of any, and of what parts words. */
final class RandomTexts {
  private static final String BETWEEN =
      "    \t\n\u00a0\u3000\u200b\u00ad,.-'[]()!#\u8a9e\u0301\u0323\u200d\ufe0f\ufffd\u0000";

  private final List<String> tokens;
  private final Random random;

  private RandomTexts(Vocabulary vocabulary, Random random) {
    this.tokens = vocabulary.tokens();
    this.random = random;
  }

  static List<String> of(Vocabulary vocabulary, Random random, int number) {
    RandomTexts texts = new RandomTexts(vocabulary, random);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      all.add(texts.next());
    }
    return all;
  }

  private String next() {
    StringBuilder text = new StringBuilder();
    int numParts = random.nextInt(20);
    for (int i = 0; i < numParts; i++) {
      switch (random.nextInt(8)) {
        case 0, 1 -> text.append(token());
        case 2 -> text.append(token().replace("##", ""));
        case 3, 4 -> text.append(word());
        case 5 -> text.append(token().toUpperCase(Locale.ROOT));
        case 6 -> text.append(anyCharacter());
        default -> text.append(oneOf(BETWEEN));
      }
      if (random.nextInt(3) == 0) {
        text.append(oneOf(BETWEEN));
      }
    }
    return text.toString();
  }

  private String token() {
    return tokens.get(random.nextInt(tokens.size()));
  }

  /** Up to a little more than the longest that is split. */
  private String word() {
    String alphabet =
        SmallVocabulary.ALPHABETS.get(random.nextInt(SmallVocabulary.ALPHABETS.size()));
    int length = random.nextInt(random.nextInt(5) == 0 ? 110 : 12);
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(oneOf(alphabet));
    }
    return word.toString();
  }

  private String anyCharacter() {
    int limit = random.nextBoolean() ? 0x3000 : random.nextBoolean() ? 0x10000 : 0x110000;
    int codePoint = random.nextInt(limit);
    return Character.toString(
        Character.getType(codePoint) == Character.SURROGATE ? 'q' : codePoint);
  }

  private String oneOf(String characters) {
    int[] all = characters.codePoints().toArray();
    return Character.toString(all[random.nextInt(all.length)]);
  }
}
