package org.tiedbert.export;

import java.util.ArrayList;
import java.util.List;
import org.tiedbert.text.InputException;

/** A text with masks, and the same with one of them filled. */
final class MaskedText {
  private static final String CONTINUATION = "##";

  private final String text;
  private final String mask;
  private final List<Integer> starts = new ArrayList<>();

  /**
   * @throws InputException if there is no mask in it
   */
  MaskedText(String text, String mask) {
    this.text = text;
    this.mask = mask;
    for (int at = text.indexOf(mask); at >= 0; at = text.indexOf(mask, at + mask.length())) {
      starts.add(at);
    }
    if (starts.isEmpty()) {
      throw new InputException(
          "a text must hold %s where the model is to fill in a word, got '%s'"
              .formatted(mask, text));
    }
  }

  int numMasks() {
    return starts.size();
  }

  String filled(int index, String token) {
    String before = text.substring(0, starts.get(index));
    String after = text.substring(starts.get(index) + mask.length());
    return token.startsWith(CONTINUATION)
        ? before.stripTrailing() + token.substring(CONTINUATION.length()) + after
        : before + token + after;
  }
}
