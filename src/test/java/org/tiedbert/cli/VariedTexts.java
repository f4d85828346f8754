package org.tiedbert.cli;

import java.util.ArrayList;
import java.util.List;
import org.tiedbert.corpus.WordNetGlosses;

/** Fifty texts, each on one line, that have little in common. */
final class VariedTexts {
  private static final List<String> BY_HAND =
      List.of(
          "",
          "   ",
          "a",
          "Hello, world!",
          "The quick brown fox jumps over the lazy dog.",
          "Don't you think it's 3.14159, or (maybe) 22/7?!",
          "Café, naïve, Zürich, Đorđe Šćepanović, Łódź, İstanbul, straße, ﬁnal",
          "e\u0301 a\u030A\u0323 o\u0308 \u0301", // marks that combine, one with nothing
          "我们在北京大学学习自然语言处理。",
          "日本語のテキストはひらがなとカタカナと漢字です。",
          "안녕하세요, 세계",
          "Привет, мир! Как дела?",
          "Ελληνικά: ὁ βίος βραχύς, ἡ δὲ τέχνη μακρή",
          "שלום עולם and مرحبا بالعالم",
          "สวัสดีชาวโลก",
          "नमस्ते दुनिया",
          "I ❤️ Java ☕, 👩‍👩‍👧‍👦 and 🏳️‍🌈 🇩🇪!!!",
          "tab\there,\u00a0no-break\u2009thin\u3000wide and\u200bzero",
          "con\u0001trol\u007f char\u0085acters\ufffd and \u2028 separators",
          "https://example.org/a_b/c-d?e=f&g=%20h#i user@example.org",
          "for (int i = 0; i < n; i++) { sum += x[i] * y[i]; } // ∑ xᵢyᵢ ≤ ‖x‖·‖y‖",
          "supercalifragilisticexpialidocious pneumonoultramicroscopicsilicovolcanoconiosis",
          "x".repeat(100) + " " + "y".repeat(101),
          "........,,,,,,;;;;;;------______======",
          "1 22 333 4,444 55555 666.666 1e-12 0x1F ½ ² Ⅷ ①");

  private static final int[] NUM_WORDS = {
    1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 19, 22, 26, 30, 35, 41, 48, 56, 66, 78, 110, 140, 600
  };

  private VariedTexts() {}

  /** Of one token to more than 512; the empty text is among them. */
  static List<String> read() {
    List<String> texts = new ArrayList<>(BY_HAND);
    List<String> glosses = WordNetGlosses.read();
    for (int i = 0; i < NUM_WORDS.length; i++) {
      // 2003 is a prime, so that neighbours come from different parts of the list
      String words = String.join(" ", glosses.subList(2003 * i, 2003 * i + 100));
      texts.add(firstWords(words, NUM_WORDS[i]));
    }
    return texts;
  }

  private static String firstWords(String text, int number) {
    return String.join(" ", List.of(text.split(" ")).subList(0, number));
  }
}
