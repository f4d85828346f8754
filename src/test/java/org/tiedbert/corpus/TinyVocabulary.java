package org.tiedbert.corpus;

import java.util.ArrayList;
import java.util.List;
import org.tiedbert.text.Vocabulary;

/** A vocabulary that tests can count by: special tokens 0 to 4, then the letters from a = 5 on. */
final class TinyVocabulary {
  static final int PAD = 0;
  static final int CLS = 2;
  static final int SEP = 3;

  private TinyVocabulary() {}

  static Vocabulary letters() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    for (char letter = 'a'; letter <= 'z'; letter++) {
      tokens.add(String.valueOf(letter));
    }
    for (char letter = 'a'; letter <= 'z'; letter++) {
      tokens.add("##" + letter);
    }
    tokens.add(".");
    return Vocabulary.of(tokens);
  }
}
