package org.tiedbert.export;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.tiedbert.text.Vocabulary;

/**
 * A vocabulary in which a few characters of many scripts make up many tokens, of up to eighteen
 * characters, at the start of words and within; and some characters only at one of the two, so that
 * words come to dead ends.
 */
final class SmallVocabulary {
  /**
   * Characters that make up tokens together; the marks sort to another order than they stand in.
   */
  static final List<String> ALPHABETS =
      List.of(
          "abcdefghijklmnopqrstuvwxyz",
          "ab",
          "ABCab\u00e9\u00c9\u00fc",
          "e\u0301u\u0308A\u030a",
          "\u03b1\u03c3\u03c2\u03a3\u03c9",
          "\u0438\u0430\u0431\u0439\u0451\u0418",
          "i\u0131\u0130I\u0307",
          "\u1100\u1161\u11a8\uac00\uac01",
          "\u0e2a\u0e27\u0e31\u0e14",
          "\u0928\u092e\u0938\u094d\u0924",
          "k\u302e\u1b44\u302f\ua953\u0378",
          "\ud83d\ude00\ud83d\ude01\u2764\ufe0f",
          "0123456789");

  private static final String ISOLATED =
      "!#$,.'-?()[]\u8a9e\u8a00\u5b66\u8c48\ud840\udc00\u3002=<;";

  private SmallVocabulary() {}

  static Vocabulary of() {
    Random random = new Random(3);
    Set<String> tokens =
        new LinkedHashSet<>(List.of("[UNK]", "[PAD]", "the", "[CLS]", "[SEP]", "[MASK]", "mask"));
    ISOLATED.codePoints().mapToObj(Character::toString).forEach(tokens::add);
    tokens.addAll(List.of("k", "##\u302e\u1b44", "##\u1b44\u302e")); // marks in either order
    tokens.add("##!");
    tokens.add("##");
    tokens.add("a!");
    tokens.add("a".repeat(100));
    tokens.add("b".repeat(101));
    for (String alphabet : ALPHABETS) {
      List<String> characters = alphabet.codePoints().mapToObj(Character::toString).toList();
      for (String character : characters) {
        if (random.nextInt(10) > 0) {
          tokens.add(character);
        }
        if (random.nextInt(10) > 0) {
          tokens.add("##" + character);
        }
      }
      for (int i = 0; i < 60; i++) {
        int length = 2 + random.nextInt(random.nextInt(6) == 0 ? 16 : 4);
        StringBuilder token = new StringBuilder(random.nextBoolean() ? "##" : "");
        for (int j = 0; j < length; j++) {
          token.append(characters.get(random.nextInt(characters.size())));
        }
        tokens.add(token.toString());
      }
    }
    return Vocabulary.of(new ArrayList<>(tokens));
  }
}
