package org.tiedbert.text;

import java.text.Normalizer;
import java.util.function.Consumer;

/**
 * BERT's first step, text into words: control characters go, CJK ideographs and punctuation stand
 * alone, and where the vocabulary is uncased accents go and letters are lowered. The rules are
 * those of Hugging Face's {@code BertNormalizer} and {@code BertPreTokenizer} ({@code
 * BasicTokenizer} in google-research/bert); a test holds this class to them, character by
 * character. They part only over a few hundred marks and signs of rare scripts that entered Unicode
 * after Hugging Face's tables were made.
 */
final class BasicTokenizer {
  private final boolean lowerCase;
  private final StringBuilder scratch = new StringBuilder();

  /** Not to be shared between threads. */
  BasicTokenizer(boolean lowerCase) {
    this.lowerCase = lowerCase;
  }

  /** Hands the words of {@code text} to {@code words}, in order. */
  void split(String text, Consumer<String> words) {
    String normalized = normalize(text);
    int start = 0;
    for (int i = 0; i < normalized.length(); ) {
      int codePoint = normalized.codePointAt(i);
      int end = i + Character.charCount(codePoint);
      boolean space = codePoint == ' ';
      if (space || isPunctuation(codePoint)) {
        if (start < i) {
          words.accept(normalized.substring(start, i));
        }
        if (!space) {
          words.accept(normalized.substring(i, end));
        }
        start = end;
      }
      i = end;
    }
    if (start < normalized.length()) {
      words.accept(normalized.substring(start));
    }
  }

  private String normalize(String text) {
    String clean = cleaned(text);
    if (!lowerCase) {
      return clean;
    }
    boolean decomposed = Normalizer.isNormalized(clean, Normalizer.Form.NFD);
    return lowered(decomposed ? clean : Normalizer.normalize(clean, Normalizer.Form.NFD));
  }

  /** Drops what is no text and puts spaces around CJK ideographs. */
  private String cleaned(String text) {
    scratch.setLength(0);
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (isIdeograph(codePoint)) {
        scratch.append(' ').appendCodePoint(codePoint).append(' ');
      } else if (!isDropped(codePoint)) {
        scratch.appendCodePoint(isWhitespace(codePoint) ? ' ' : codePoint);
      }
    }
    return scratch.toString();
  }

  private String lowered(String text) {
    scratch.setLength(0);
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (codePoint < 0x80 || Character.getType(codePoint) != Character.NON_SPACING_MARK) {
        scratch.appendCodePoint(Character.toLowerCase(codePoint));
      }
    }
    return scratch.toString();
  }

  /** Unicode's White_Space less the control characters that {@link #isDropped} takes. */
  private static boolean isWhitespace(int codePoint) {
    if (codePoint < 0x80) {
      return codePoint == ' ' || codePoint == '\t' || codePoint == '\n' || codePoint == '\r';
    }
    return Character.isSpaceChar(codePoint);
  }

  private static boolean isPunctuation(int codePoint) {
    if (codePoint < 0x80) {
      return (codePoint > ' ' && codePoint < '0')
          || (codePoint > '9' && codePoint < 'A')
          || (codePoint > 'Z' && codePoint < 'a')
          || (codePoint > 'z' && codePoint < 0x7f);
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isDropped(int codePoint) {
    if (codePoint < 0x80) {
      return (codePoint < ' ' && codePoint != '\t' && codePoint != '\n' && codePoint != '\r')
          || codePoint == 0x7f;
    }
    return codePoint == 0xfffd
        || switch (Character.getType(codePoint)) {
          case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE ->
              true;
          default -> false;
        };
  }

  private static boolean isIdeograph(int codePoint) {
    return codePoint >= 0x3400
        && ((codePoint >= 0x4e00 && codePoint <= 0x9fff)
            || codePoint <= 0x4dbf
            || (codePoint >= 0x20000 && codePoint <= 0x2a6df)
            || (codePoint >= 0x2a700 && codePoint <= 0x2b73f)
            || (codePoint >= 0x2b740 && codePoint <= 0x2b81f)
            || (codePoint >= 0x2b920 && codePoint <= 0x2ceaf)
            || (codePoint >= 0xf900 && codePoint <= 0xfaff)
            || (codePoint >= 0x2f800 && codePoint <= 0x2fa1f));
  }
}
