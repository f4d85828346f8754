package org.tiedbert.text;

import com.google.common.hash.Hashing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The tokens of a BERT model in the order of their ids: the content of a {@code vocab.txt}, one
 * token a line, the first line being id 0. The five special tokens may stand anywhere. Immutable.
 */
public final class Vocabulary {
  /** What the file is called wherever a model or shards come with one. */
  public static final String FILE_NAME = "vocab.txt";

  public static final String PAD = "[PAD]";
  public static final String UNK = "[UNK]";
  public static final String CLS = "[CLS]";
  public static final String SEP = "[SEP]";
  public static final String MASK = "[MASK]";

  /** In the order in which a new vocabulary starts with them. */
  static final List<String> SPECIAL = List.of(PAD, UNK, CLS, SEP, MASK);

  /** What a token starts with that continues a word. */
  public static final String CONTINUATION = "##";

  private final List<String> tokens;
  private final Map<String, Integer> ids;
  private final int padId;
  private final int unkId;
  private final int clsId;
  private final int sepId;
  private final int maskId;

  private Vocabulary(List<String> tokens, Map<String, Integer> ids) {
    this.tokens = tokens;
    this.ids = ids;
    this.padId = ids.get(PAD);
    this.unkId = ids.get(UNK);
    this.clsId = ids.get(CLS);
    this.sepId = ids.get(SEP);
    this.maskId = ids.get(MASK);
  }

  /**
   * @throws IllegalArgumentException if a token is empty, holds a line break or half a surrogate
   *     pair, or comes twice, or if a special token is missing
   */
  public static Vocabulary of(List<String> tokens) {
    List<String> copy = List.copyOf(tokens);
    Map<String, Integer> ids = new HashMap<>(copy.size() * 2);
    for (int id = 0; id < copy.size(); id++) {
      String token = copy.get(id);
      requireLine(id, token);
      Integer earlier = ids.putIfAbsent(token, id);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "every token must come once, '%s' is both id %d and id %d"
                .formatted(token, earlier, id));
      }
    }
    List<String> missing = missing(ids);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "a vocabulary needs the tokens %s, missing: %s".formatted(SPECIAL, missing));
    }
    return new Vocabulary(copy, ids);
  }

  /**
   * Reads any BERT's {@code vocab.txt}: UTF-8, one token a line, lines ended by LF or CRLF.
   *
   * @throws InputException naming file and line, if the file cannot be read, is empty or
   *     unreasonably large, is not UTF-8, holds an empty line or a token twice, or lacks a special
   *     token
   */
  public static Vocabulary read(Path file) {
    return of(VocabularyFile.read(file));
  }

  /**
   * Writes {@code vocab.txt}: UTF-8, each token followed by LF. The file is there as a whole or, if
   * writing fails, as it was before.
   *
   * @throws InputException if the file cannot be written
   */
  public void write(Path file) {
    VocabularyFile.write(file, bytes());
  }

  public int size() {
    return tokens.size();
  }

  /** In the order of their ids; immutable. */
  public List<String> tokens() {
    return tokens;
  }

  /**
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public String token(int id) {
    return tokens.get(Objects.checkIndex(id, tokens.size()));
  }

  public OptionalInt idOf(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  public int padId() {
    return padId;
  }

  public int unkId() {
    return unkId;
  }

  public int clsId() {
    return clsId;
  }

  public int sepId() {
    return sepId;
  }

  public int maskId() {
    return maskId;
  }

  /** Whether {@code id} is one of [PAD], [UNK], [CLS], [SEP] and [MASK]. */
  public boolean isSpecial(int id) {
    return id == padId || id == unkId || id == clsId || id == sepId || id == maskId;
  }

  /** Whether the token continues the word of the token before it ({@code ##…}). */
  public boolean isContinuation(int id) {
    return token(id).startsWith(CONTINUATION);
  }

  /** The bytes of its vocab.txt: UTF-8, a token a line. */
  public byte[] bytes() {
    return VocabularyFile.bytes(tokens);
  }

  /** SHA-256 of the bytes that {@link #write} writes, in lower-case hexadecimal. */
  public String digest() {
    return Hashing.sha256().hashBytes(VocabularyFile.bytes(tokens)).toString();
  }

  static List<String> missing(Map<String, Integer> ids) {
    List<String> missing = new ArrayList<>(SPECIAL);
    missing.removeAll(ids.keySet());
    return missing;
  }

  private static void requireLine(int id, String token) {
    boolean halfPair =
        token.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE);
    if (token.isEmpty() || token.indexOf('\n') >= 0 || token.indexOf('\r') >= 0 || halfPair) {
      throw new IllegalArgumentException(
          "a token must be a line of text, id %d is '%s'".formatted(id, token));
    }
  }
}
