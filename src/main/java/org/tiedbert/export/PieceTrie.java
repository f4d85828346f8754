package org.tiedbert.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tokens of a vocabulary as one double-array trie (Aoe 1989), in arrays that a graph can gather
 * from. A state is a number b; character id c leads from it to the cell b + c if {@code check[b +
 * c] == b}, whose own state is {@code base[b + c]}. No two states with a way out have one number,
 * and all without share {@link #dead}. Words start in state 0 and go on in {@link #continuation}.
 */
final class PieceTrie {
  /** What a match is shifted by to give its length; below are the bits of its token. */
  static final int LENGTH_SHIFT = 24;

  /** Longer ones have no room in a match, and no word that may have them. */
  static final int MAX_LENGTH = 100;

  private static final int MAX_TOKEN = (1 << LENGTH_SHIFT) - 2;

  private final Node starts = new Node();
  private final Node continuations = new Node();
  private final BitSet usedCells = new BitSet();
  private final BitSet usedStates = new BitSet();
  private final int numCharacterIds;
  private int maxLength;
  private int[] check = new int[0];
  private int[] base = new int[0];
  private int[] match = new int[0];
  private int dead;

  /**
   * @param numCharacterIds they are below it, 0 is none
   */
  PieceTrie(int numCharacterIds) {
    this.numCharacterIds = numCharacterIds;
  }

  /**
   * @param characterIds up to {@link #MAX_LENGTH}
   * @param token from 0 on
   */
  void add(int[] characterIds, boolean continuation, int token) {
    if (characterIds.length < 1 || characterIds.length > MAX_LENGTH || token > MAX_TOKEN) {
      throw new IllegalArgumentException(
          "token %d of %d characters has no place in the trie"
              .formatted(token, characterIds.length));
    }
    Node node = continuation ? continuations : starts;
    for (int id : characterIds) {
      node = node.children.computeIfAbsent(id, character -> new Node());
    }
    node.match = (characterIds.length << LENGTH_SHIFT) | (token + 1);
    maxLength = Math.max(maxLength, characterIds.length);
  }

  /** Lays out the arrays; to be called once, after the last token. */
  void pack() {
    List<Node> parents = new ArrayList<>();
    collectParents(starts, parents);
    collectParents(continuations, parents);
    parents.sort(Comparator.comparingInt((Node node) -> -node.children.size()));
    place(starts, 0);
    for (Node parent : parents) {
      if (parent != starts) {
        place(parent, freeState(parent));
      }
    }
    // Only what follows the cells is sure to be nobody's child.
    dead = Math.max(usedCells.length(), usedStates.length());
    int size = dead + numCharacterIds;
    check = new int[size];
    base = new int[size];
    match = new int[size];
    Arrays.fill(check, -1);
    Arrays.fill(base, dead);
    fill(starts, 0);
    fill(continuations, 0);
  }

  int continuation() {
    return continuations.state;
  }

  int dead() {
    return dead;
  }

  int maxLength() {
    return maxLength;
  }

  /** The state that a cell belongs to, −1 for nobody's; cell 0 is nobody's. */
  int[] check() {
    return check;
  }

  /** The state in a cell, dead in those of nobody. */
  int[] base() {
    return base;
  }

  /** By cell: length · 2²⁴ + token + 1 of the longest token on the way there, 0 without one. */
  int[] match() {
    return match;
  }

  private static void collectParents(Node node, List<Node> parents) {
    if (!node.children.isEmpty()) {
      parents.add(node);
      node.children.values().forEach(child -> collectParents(child, parents));
    }
  }

  private void place(Node parent, int state) {
    parent.state = state;
    usedStates.set(state);
    parent.children.keySet().forEach(id -> usedCells.set(state + id));
  }

  private int freeState(Node parent) {
    int first = parent.children.firstKey();
    for (int cell = usedCells.nextClearBit(first + 1); ; cell = usedCells.nextClearBit(cell + 1)) {
      int state = cell - first;
      if (!usedStates.get(state)
          && parent.children.keySet().stream().noneMatch(id -> usedCells.get(state + id))) {
        return state;
      }
    }
  }

  private void fill(Node parent, int longest) {
    for (Map.Entry<Integer, Node> entry : parent.children.entrySet()) {
      Node child = entry.getValue();
      int cell = parent.state + entry.getKey();
      check[cell] = parent.state;
      base[cell] = child.children.isEmpty() ? dead : child.state;
      match[cell] = child.match == 0 ? longest : child.match;
      fill(child, match[cell]);
    }
  }

  private static final class Node {
    final TreeMap<Integer, Node> children = new TreeMap<>();
    int match;
    int state;
  }
}
