package org.tiedbert.export;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.tiedbert.text.BertCharacters;
import org.tiedbert.text.BertCharacters.Kind;

/**
 * What each code point is to a vocabulary, as a two-level table that a graph can gather from: row
 * {@code pages[codePoint / 256] + codePoint % 256} of {@link #rows} holds the codes of the
 * characters that it becomes, then zeros.
 *
 * <p>A code is {@code 4 · id + kind}. Ids are those of the characters that tokens are made of;
 * characters of no token share {@link #UNKNOWN_ID}, and a run of such letters counts as one, since
 * a word with one is unknown in any case.
 */
final class CharacterTable {
  static final int KIND_BITS = 2;
  static final int SPACE = 0;
  static final int LETTER = 1;
  static final int ISOLATED = 2;

  static final int UNKNOWN_ID = 1;

  /** Dropped, but not before neighbouring marks are sorted. */
  static final int END_OF_MARKS_ID = 2;

  /** Code points from here on stand for whole tokens; no text has them. */
  static final int FIRST_TOKEN_POINT = Character.MAX_CODE_POINT + 1;

  static final int SPACE_CODE = UNKNOWN_ID << KIND_BITS | SPACE;

  static final int PAGE_BITS = 8;
  private static final int PAGE = 1 << PAGE_BITS;

  private final BertCharacters characters;
  private final Map<Integer, Integer> ids = new HashMap<>();
  private final boolean sortsMarks;
  private final int[] pages = new int[(FIRST_TOKEN_POINT >> PAGE_BITS) + 1];
  private final int width;
  private final int[] rows;

  /**
   * @param alphabet the characters of tokens, each with an id above {@link #END_OF_MARKS_ID}
   */
  CharacterTable(BertCharacters characters, Map<Integer, Integer> alphabet) {
    this.characters = characters;
    this.ids.putAll(alphabet);
    this.sortsMarks =
        alphabet.keySet().stream()
                .filter(codePoint -> codePoint < FIRST_TOKEN_POINT)
                .map(characters::markOrder)
                .filter(order -> order > 0)
                .distinct()
                .count()
            > 1;
    int[][] codes = new int[pages.length << PAGE_BITS][];
    for (int codePoint = 0; codePoint < codes.length; codePoint++) {
      codes[codePoint] = codes(codePoint);
    }
    this.width = Arrays.stream(codes).mapToInt(row -> row.length).max().orElseThrow();
    this.rows = layOut(codes);
  }

  /** Offsets of the pages in {@link #rows}, in rows. */
  int[] pages() {
    return pages;
  }

  /** Row by row, each {@link #width} wide. */
  int[] rows() {
    return rows;
  }

  int width() {
    return width;
  }

  /** Whether tokens hold marks that sorting can put in another order. */
  boolean sortsMarks() {
    return sortsMarks;
  }

  /** By character id, see {@link BertCharacters#markOrder}. */
  int[] markOrders() {
    int[] orders = new int[numIds()];
    ids.forEach(
        (codePoint, id) ->
            orders[id] = codePoint < FIRST_TOKEN_POINT ? characters.markOrder(codePoint) : 0);
    return orders;
  }

  int maxMarkOrder() {
    return Arrays.stream(markOrders()).max().orElse(0);
  }

  private int numIds() {
    return ids.values().stream().mapToInt(id -> id).max().orElse(END_OF_MARKS_ID) + 1;
  }

  private int[] codes(int codePoint) {
    if (codePoint >= FIRST_TOKEN_POINT) {
      return new int[] {code(codePoint, ISOLATED)};
    }
    Kind kind = characters.kindOf(codePoint);
    return switch (kind) {
      case SPACE -> new int[] {SPACE_CODE};
      case ISOLATED -> new int[] {code(characters.normalized(codePoint)[0], ISOLATED)};
      case LETTER -> letters(characters.normalized(codePoint));
      case DROPPED ->
          sortsMarks && characters.endsMarks(codePoint)
              ? new int[] {END_OF_MARKS_ID << KIND_BITS}
              : new int[0];
    };
  }

  private int[] letters(int[] normalized) {
    int unknown = UNKNOWN_ID << KIND_BITS | LETTER;
    int[] codes = new int[normalized.length];
    int numCodes = 0;
    for (int letter : normalized) {
      int code = code(letter, LETTER);
      if (code != unknown || numCodes == 0 || codes[numCodes - 1] != unknown) {
        codes[numCodes++] = code;
      }
    }
    return Arrays.copyOf(codes, numCodes);
  }

  private int code(int character, int kind) {
    return ids.getOrDefault(character, UNKNOWN_ID) << KIND_BITS | kind;
  }

  /** Equal pages are one. */
  private int[] layOut(int[][] codes) {
    Map<IntBuffer, Integer> offsets = new HashMap<>(); // in rows
    for (int page = 0; page < pages.length; page++) {
      IntBuffer content = IntBuffer.allocate(PAGE * width);
      for (int i = 0; i < PAGE; i++) {
        content.put(i * width, codes[(page << PAGE_BITS) + i]);
      }
      pages[page] = offsets.getOrDefault(content, offsets.size() * PAGE);
      offsets.put(content, pages[page]);
    }
    int[] all = new int[offsets.size() * PAGE * width];
    offsets.forEach((content, offset) -> content.get(0, all, offset * width, PAGE * width));
    return all;
  }
}
