package org.tiedbert.export;

import java.util.ArrayList;
import java.util.List;
import org.tiedbert.text.InputException;
import org.tiedbert.text.Vocabulary;

/** A text with masks and what becomes of it with a token in the place of one. */
final class MaskedText {
  private static final int MAX_QUOTED = 200;

  private final String text;
  private final List<Integer> starts = new ArrayList<>();

  /**
   * @throws InputException if there is no mask in it
   */
  MaskedText(String text) {
    this.text = text;
    for (int at = text.indexOf(Vocabulary.MASK);
        at >= 0;
        at = text.indexOf(Vocabulary.MASK, at + Vocabulary.MASK.length())) {
      starts.add(at);
    }
    if (starts.isEmpty()) {
      throw new InputException(
          "a text must hold %s where the model is to fill in a word, got '%s'"
              .formatted(Vocabulary.MASK, start(text)));
    }
  }

  /**
   * Checks that a model saw every mask.
   *
   * @throws InputException if the text's end, with a mask, was cut off
   */
  void requireAll(int numSeen) {
    if (numSeen > starts.size()) {
      throw new IllegalStateException(
          "'%s' holds %d masks, the model saw %d".formatted(text, starts.size(), numSeen));
    }
    if (numSeen < starts.size()) {
      throw new InputException(
          "a text must hold all its masks within what the model reads of it, this one has %d of %d"
                  .formatted(starts.size() - numSeen, starts.size())
              + " beyond; shorten it: '%s'".formatted(start(text)));
    }
  }

  /** As much of it as a message has room for. */
  private static String start(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.codePointCount(0, line.length()) <= MAX_QUOTED
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MAX_QUOTED)) + "…";
  }

  /**
   * @param mask of which the token takes the place, counted from 0
   */
  Prediction prediction(int mask, String token, double probability) {
    String before = text.substring(0, starts.get(mask));
    String after = text.substring(starts.get(mask) + Vocabulary.MASK.length());
    String filled =
        token.startsWith(Vocabulary.CONTINUATION)
            ? before.stripTrailing() + token.substring(Vocabulary.CONTINUATION.length()) + after
            : before + token + after;
    return new Prediction(token, probability, filled);
  }
}
