package org.tiedbert.text;

import java.util.HashMap;
import java.util.Map;

/**
 * What BERT's normalizer and splitter make of every code point, as Hugging Face's library itself
 * tells. Nothing of it comes from the running Java's Unicode tables, which are another version than
 * the library's. Immutable.
 *
 * <p>The rules work on one code point at a time, final sigmas included, but for one: decomposing
 * sorts each run of marks, see {@link #markOrder}.
 */
public final class BertCharacters {
  /** What a code point is in a text. */
  public enum Kind {
    /** Not there: a control character or an accent, say. */
    DROPPED,
    /** Parts words. */
    SPACE,
    /** A word by itself: punctuation, an ideograph. */
    ISOLATED,
    /** Part of a word, as are the unassigned code points. */
    LETTER
  }

  private final Kind[] kinds;
  private final Map<Integer, int[]> changed;
  private final boolean[] movable;
  private final Map<Integer, Integer> markOrders;

  BertCharacters(
      Kind[] kinds,
      Map<Integer, int[]> changed,
      boolean[] movable,
      Map<Integer, Integer> markOrders) {
    this.kinds = kinds;
    this.changed = new HashMap<>(changed);
    this.movable = movable;
    this.markOrders = new HashMap<>(markOrders);
  }

  /**
   * Asks the library, which takes seconds once for each of the two kinds of vocabulary.
   *
   * @param lowerCase whether letters are lowered and accents taken off
   */
  public static BertCharacters of(boolean lowerCase) {
    return lowerCase ? Uncased.CHARACTERS : Cased.CHARACTERS;
  }

  public Kind kindOf(int codePoint) {
    return kinds[codePoint];
  }

  /**
   * The code points it becomes: none of a space or what is dropped, one of punctuation, up to three
   * of a letter.
   */
  public int[] normalized(int codePoint) {
    return switch (kinds[codePoint]) {
      case DROPPED, SPACE -> new int[0];
      case ISOLATED, LETTER -> changed.getOrDefault(codePoint, new int[] {codePoint}).clone();
    };
  }

  /**
   * Where a mark goes among neighbouring marks: before those of greater order. Marks of one order
   * stay as they come; 0 is no mark, but what a run of marks ends at. Marks that are dropped have
   * no order, for nobody sees where they go; {@link #endsMarks} tells whether they end a run.
   */
  public int markOrder(int codePoint) {
    return markOrders.getOrDefault(codePoint, 0);
  }

  /** Whether no mark is sorted past it. */
  public boolean endsMarks(int codePoint) {
    return !movable[codePoint];
  }

  private static final class Cased {
    static final BertCharacters CHARACTERS = CharacterProbe.askLibrary(false);
  }

  private static final class Uncased {
    static final BertCharacters CHARACTERS = CharacterProbe.askLibrary(true);
  }
}
