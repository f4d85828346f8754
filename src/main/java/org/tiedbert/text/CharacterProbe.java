package org.tiedbert.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tiedbert.text.BertCharacters.Kind;

/**
 * Asks Hugging Face's library what it makes of each code point, by a tokenizer that normalizes and
 * splits as BERT's does and whose tokens are the bytes of what came out.
 *
 * <p>A question is a short text, an answer its words. Most blocks of Unicode are all letters that
 * stay as they are, or all dropped, which one question over the whole block finds out.
 */
final class CharacterProbe implements AutoCloseable {
  /**
   * Two marks that are kept and that no vocabulary of letters and accents has, of classes 224, 9.
   */
  private static final String HIGH_MARK = "\u302e";

  private static final String LOW_MARK = "\u1b44";

  private static final int BLOCK = 256;

  private final TokenizersLibrary library = NativeTokenizers.library();
  private final long handle;
  private final Kind[] kinds = new Kind[Character.MAX_CODE_POINT + 1];
  private final boolean[] movable = new boolean[kinds.length];
  private final Map<Integer, int[]> changed = new HashMap<>();

  private CharacterProbe(boolean lowerCase) {
    this.handle = library.createTokenizerFromString(TokenizerJson.ofBytes(lowerCase));
  }

  static BertCharacters askLibrary(boolean lowerCase) {
    try (CharacterProbe probe = new CharacterProbe(lowerCase)) {
      for (int block = 0; block < probe.kinds.length; block += BLOCK) {
        if (hasCharacters(block)) {
          probe.askBlock(block);
        } else {
          probe.copyBlock(block - BLOCK, block);
        }
      }
      return new BertCharacters(probe.kinds, probe.changed, probe.movable, probe.markOrders());
    }
  }

  @Override
  public void close() {
    library.deleteTokenizer(handle);
  }

  /** Whether a block differs from the one before: all but in the planes left empty or private. */
  private static boolean hasCharacters(int block) {
    int plane = block >> 16;
    int within = block & 0xffff;
    return plane < 4 || plane == 14 || within == 0 || within == 0x10000 - BLOCK;
  }

  private void copyBlock(int from, int to) {
    System.arraycopy(kinds, from, kinds, to, BLOCK);
    System.arraycopy(movable, from, movable, to, BLOCK);
  }

  private void askBlock(int block) {
    String marks = LOW_MARK + HIGH_MARK;
    List<String> isolated = new ArrayList<>(List.of("x" + marks));
    for (int codePoint = block; codePoint < block + BLOCK; codePoint++) {
      isolated.addAll(List.of(scalar(codePoint), marks));
    }
    String question = String.join("", isolated);
    List<String> answer = ask(List.of(question)).get(0);
    if (answer.equals(List.of(question))) {
      Arrays.fill(kinds, block, block + BLOCK, Kind.LETTER);
    } else if (answer.equals(isolated)) {
      Arrays.fill(kinds, block, block + BLOCK, Kind.ISOLATED);
    } else if (answer.equals(
        List.of("x" + LOW_MARK.repeat(BLOCK + 1) + HIGH_MARK.repeat(BLOCK + 1)))) {
      Arrays.fill(kinds, block, block + BLOCK, Kind.DROPPED);
      Arrays.fill(movable, block, block + BLOCK, true);
    } else {
      askEach(block);
    }
  }

  private void askEach(int block) {
    List<String> alone = new ArrayList<>();
    List<String> betweenMarks = new ArrayList<>();
    for (int codePoint = block; codePoint < block + BLOCK; codePoint++) {
      alone.add("x" + scalar(codePoint) + "x");
      betweenMarks.add(HIGH_MARK + scalar(codePoint) + LOW_MARK);
    }
    List<List<String>> words = ask(alone);
    List<List<String>> marks = ask(betweenMarks);
    for (int i = 0; i < BLOCK; i++) {
      learn(block + i, words.get(i));
      String sorted = String.join("", marks.get(i));
      movable[block + i] = sorted.indexOf(LOW_MARK) < sorted.indexOf(HIGH_MARK);
    }
  }

  /**
   * @param words of the code point between two letters x
   */
  private void learn(int codePoint, List<String> words) {
    String all = String.join("", words);
    String middle = all.substring(1, all.length() - 1);
    kinds[codePoint] =
        switch (words.size()) {
          case 1 -> middle.isEmpty() ? Kind.DROPPED : Kind.LETTER;
          case 2 -> Kind.SPACE;
          case 3 -> Kind.ISOLATED;
          default -> throw new IllegalStateException("U+%X is several words".formatted(codePoint));
        };
    int[] normalized = middle.codePoints().toArray();
    if (normalized.length > 0 && !Arrays.equals(normalized, new int[] {codePoint})) {
      changed.put(codePoint, normalized);
    }
  }

  /** The order of a mark is the number of marks that are sorted before it. */
  private Map<Integer, Integer> markOrders() {
    List<String> marks = new ArrayList<>();
    for (int codePoint = 0; codePoint < kinds.length; codePoint++) {
      if (movable[codePoint] && kinds[codePoint] == Kind.LETTER) {
        marks.add(Character.toString(codePoint));
      }
    }
    Map<Integer, Integer> orders = new HashMap<>();
    for (String mark : marks) {
      List<List<String>> pairs = ask(marks.stream().map(other -> mark + other).toList());
      int order = 1;
      for (List<String> pair : pairs) {
        order += String.join("", pair).startsWith(mark) ? 0 : 1;
      }
      orders.put(mark.codePointAt(0), order);
    }
    return orders;
  }

  /** The words of each text. */
  private List<List<String>> ask(List<String> texts) {
    String separator = TokenizerJson.BYTES_SEPARATOR;
    long encoding = library.encode(handle, String.join(separator, texts) + separator, false);
    try {
      return words(library.getTokenIds(encoding), library.getWordIds(encoding));
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private static List<List<String>> words(long[] bytes, long[] wordIds) {
    List<List<String>> texts = new ArrayList<>();
    List<String> words = new ArrayList<>();
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    for (int i = 0; i < bytes.length; i++) {
      if (i > 0 && wordIds[i] != wordIds[i - 1] && word.size() > 0) {
        words.add(word.toString(StandardCharsets.UTF_8));
        word.reset();
      }
      if (bytes[i] == TokenizerJson.BYTES_SEPARATOR_ID) {
        texts.add(words);
        words = new ArrayList<>();
      } else {
        word.write((int) bytes[i]);
      }
    }
    return texts;
  }

  /** A surrogate is in no text; where a decoder met one, it left U+FFFD. */
  private static String scalar(int codePoint) {
    boolean surrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return Character.toString(surrogate ? 0xfffd : codePoint);
  }
}
