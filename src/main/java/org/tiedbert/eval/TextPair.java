package org.tiedbert.eval;

import java.util.Optional;

/**
 * What goes through the encoder as one sequence: {@code [CLS] first [SEP]}, or {@code [CLS] first
 * [SEP] second [SEP]}.
 */
public record TextPair(String first, Optional<String> second) {
  public static TextPair of(String text) {
    return new TextPair(text, Optional.empty());
  }

  public static TextPair of(String first, String second) {
    return new TextPair(first, Optional.of(second));
  }
}
