package org.tiedbert.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@code vocab.txt} on disk: its lines in, with every refusal naming the line, and out. */
final class VocabularyFile {
  /** Sixty times the largest in common use (multilingual BERT: 1 MB). */
  static final long MAX_BYTES = 64L << 20;

  private VocabularyFile() {}

  static List<String> read(Path file) {
    byte[] bytes = readBytes(file);
    List<String> tokens = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    for (int start = 0; start < bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      int line = tokens.size() + 1;
      String token = decode(file, line, bytes, start, end);
      Integer earlier = lines.putIfAbsent(token, line);
      if (earlier != null) {
        throw new InputException(
            "%s, line %d: every token must come once, '%s' is already on line %d"
                .formatted(file, line, token, earlier));
      }
      tokens.add(token);
      start = end + 1;
    }
    List<String> missing = Vocabulary.missing(lines);
    if (!missing.isEmpty()) {
      throw new InputException(
          "%s is no BERT vocabulary: of %s its %d lines lack %s; give a vocab.txt with one token a line"
              .formatted(file, Vocabulary.SPECIAL, tokens.size(), missing));
    }
    return tokens;
  }

  private static byte[] readBytes(Path file) {
    try {
      long size = Files.size(file);
      if (size == 0 || size > MAX_BYTES) {
        throw new InputException(
            "%s has %d bytes, a vocabulary has 1 to %d; give a vocab.txt with one token a line"
                .formatted(file, size, MAX_BYTES));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InputException("there is no vocabulary file %s".formatted(file), e);
    } catch (IOException e) {
      throw new InputException(
          "cannot read the vocabulary file %s: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  private static String decode(Path file, int line, byte[] bytes, int start, int end) {
    int length = end - start;
    if (length > 0 && bytes[end - 1] == '\r') {
      length--;
    }
    String token;
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, start, length);
      token = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(
          "%s, line %d: a vocabulary must be UTF-8, these bytes are not; convert the file"
              .formatted(file, line),
          e);
    }
    if (token.isEmpty() || token.indexOf('\r') >= 0) {
      throw new InputException(
          "%s, line %d: every line must hold a token, this one %s; the line number is the token's id,"
                  .formatted(file, line, token.isEmpty() ? "is empty" : "holds a lone CR")
              + " so restore the line rather than delete it");
    }
    return token;
  }

  static byte[] bytes(List<String> tokens) {
    return (String.join("\n", tokens) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  static void write(Path file, byte[] bytes) {
    try {
      WholeFile.write(file, bytes);
    } catch (IOException e) {
      throw new InputException(
          "cannot write the vocabulary file %s: %s".formatted(file, FileProblem.of(e)), e);
    }
  }
}
