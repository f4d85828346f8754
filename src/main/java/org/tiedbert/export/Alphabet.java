package org.tiedbert.export;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tiedbert.text.BertCharacters;
import org.tiedbert.text.BertCharacters.Kind;
import org.tiedbert.text.Vocabulary;

/**
 * The tokens that text can spell, as a trie over the characters they are made of, and the ids of
 * those characters.
 *
 * <p>Left out is what no word can be: {@code [MASK]}, whose brackets part words, in an uncased
 * vocabulary all that is not lower-case, and whatever is longer than the longest word. Instead each
 * token of {@code points} is a character of its own.
 */
final class Alphabet {

  private final Map<Integer, Integer> ids = new HashMap<>();
  private final PieceTrie trie;

  /**
   * @param points tokens spelled by {@link CharacterTable#FIRST_TOKEN_POINT} and the code points
   *     after it, in order
   */
  Alphabet(Vocabulary vocabulary, BertCharacters characters, List<Integer> points) {
    int[][] spellings = new int[vocabulary.size()][];
    for (int token = 0; token < spellings.length; token++) {
      int[] spelling = spelling(vocabulary.token(token)).codePoints().toArray();
      spellings[token] = isWord(spelling, characters) ? spelling : new int[0];
      Arrays.stream(spellings[token]).forEach(this::addId);
    }
    for (int i = 0; i < points.size(); i++) {
      addId(CharacterTable.FIRST_TOKEN_POINT + i);
    }
    trie = new PieceTrie(CharacterTable.END_OF_MARKS_ID + 1 + ids.size());
    for (int token = 0; token < spellings.length; token++) {
      if (spellings[token].length > 0) {
        String text = vocabulary.token(token);
        trie.add(
            Arrays.stream(spellings[token]).map(ids::get).toArray(), isContinuation(text), token);
      }
    }
    for (int i = 0; i < points.size(); i++) {
      int id = ids.get(CharacterTable.FIRST_TOKEN_POINT + i);
      trie.add(new int[] {id}, false, points.get(i));
    }
    trie.pack();
  }

  Map<Integer, Integer> ids() {
    return Map.copyOf(ids);
  }

  PieceTrie trie() {
    return trie;
  }

  private void addId(int character) {
    ids.putIfAbsent(character, CharacterTable.END_OF_MARKS_ID + 1 + ids.size());
  }

  private static boolean isContinuation(String token) {
    return token.startsWith(Vocabulary.CONTINUATION);
  }

  private static String spelling(String token) {
    return isContinuation(token) ? token.substring(Vocabulary.CONTINUATION.length()) : token;
  }

  private static boolean isWord(int[] spelling, BertCharacters characters) {
    if (spelling.length < 1 || spelling.length > PieceTrie.MAX_LENGTH) {
      return false;
    }
    for (int character : spelling) {
      Kind kind = characters.kindOf(character);
      boolean fits = kind == Kind.LETTER || (kind == Kind.ISOLATED && spelling.length == 1);
      if (!fits || !Arrays.equals(characters.normalized(character), new int[] {character})) {
        return false;
      }
    }
    return true;
  }
}
