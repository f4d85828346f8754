package org.tiedbert.text;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Text into WordPiece ids by Hugging Face's own tokenizer, set up as {@code BertTokenizerFast} is.
 * Adds no [CLS] and [SEP], cuts off nothing and pads nothing.
 *
 * <p>There are two kinds, which differ only over text that spells a special token. For {@link
 * #BertTokenizer(Vocabulary, boolean)} text is text: {@code [MASK]} in a document becomes a
 * bracket, a word and a bracket, so that no document can smuggle in a special token. For {@link
 * #recognizingSpecialTokens} it becomes the mask, as in {@code BertTokenizerFast}; that is the kind
 * for text a user writes to a model, like {@code Paris is the [MASK] of France.}
 *
 * <p>Safe for use by several threads, each call running on the thread that makes it. Holds native
 * memory until closed; a call after that throws {@link IllegalStateException}.
 */
public final class BertTokenizer implements AutoCloseable {
  private final TokenizersLibrary library = NativeTokenizers.library();
  private final Vocabulary vocabulary;
  private final boolean lowerCase;
  // Calls share the lock, close takes it alone: nothing is freed under a running call.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private long handle;

  /**
   * A tokenizer for which all text is text.
   *
   * @param lowerCase whether the vocabulary is uncased: letters are lowered, accents taken off
   */
  public BertTokenizer(Vocabulary vocabulary, boolean lowerCase) {
    this(vocabulary, lowerCase, List.of());
  }

  /** A tokenizer for which {@code [MASK]} and the other four in a text are the special tokens. */
  public static BertTokenizer recognizingSpecialTokens(Vocabulary vocabulary, boolean lowerCase) {
    return new BertTokenizer(vocabulary, lowerCase, Vocabulary.SPECIAL);
  }

  private BertTokenizer(Vocabulary vocabulary, boolean lowerCase, List<String> recognized) {
    this.vocabulary = vocabulary;
    this.lowerCase = lowerCase;
    this.handle =
        library.createTokenizerFromString(TokenizerJson.of(vocabulary, lowerCase, recognized));
  }

  /** The ids of {@code text}; empty where it holds no word. */
  public int[] encode(String text) {
    return encodeAll(List.of(text)).get(0);
  }

  /** The ids of each text, in order. */
  public List<int[]> encodeAll(List<String> texts) {
    // One native call a text: batch calls are no faster a core, and take every core they find.
    Lock shared = open();
    try {
      List<int[]> ids = new ArrayList<>(texts.size());
      for (String text : texts) {
        ids.add(encodeOpen(text));
      }
      return ids;
    } finally {
      shared.unlock();
    }
  }

  /**
   * The text that {@code ids} spell, special tokens included: pieces joined to words, and words by
   * spaces, less those before punctuation and within contractions.
   *
   * @throws IndexOutOfBoundsException if the vocabulary has no such id
   */
  public String decode(int[] ids) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      vocabulary.token(ids[i]);
      wide[i] = ids[i];
    }
    Lock shared = open();
    try {
      return library.decode(handle, wide, false);
    } finally {
      shared.unlock();
    }
  }

  public Vocabulary vocabulary() {
    return vocabulary;
  }

  public boolean lowerCase() {
    return lowerCase;
  }

  @Override
  public void close() {
    Lock alone = lock.writeLock();
    alone.lock();
    try {
      if (handle != 0) {
        library.deleteTokenizer(handle);
        handle = 0;
      }
    } finally {
      alone.unlock();
    }
  }

  private int[] encodeOpen(String text) {
    long encoding = library.encode(handle, withoutHalfPairs(text), false);
    try {
      long[] wide = library.getTokenIds(encoding);
      int[] ids = new int[wide.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = (int) wide[i];
      }
      return ids;
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  private Lock open() {
    Lock shared = lock.readLock();
    shared.lock();
    if (handle == 0) {
      shared.unlock();
      throw new IllegalStateException("the tokenizer is closed");
    }
    return shared;
  }

  /**
   * Half a surrogate pair is no character, and with one in it the library loses every other
   * character beyond ASCII as well. U+FFFD in its place is dropped like any that a decoder left.
   */
  private static String withoutHalfPairs(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
        i++;
        continue;
      }
      if (repaired == null) {
        repaired = new StringBuilder(text);
      }
      repaired.setCharAt(i, '\uFFFD');
    }
    return repaired == null ? text : repaired.toString();
  }
}
