package org.tiedbert.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tiedbert.text.InputException;

/** Lines of UTF-8 text from standard input, ended by LF or CRLF; a few in memory at a time. */
final class StandardInput {
  private static final int MAX_LINE_BYTES = 16 << 20;

  /** Lines that come at once are no more than this, unless it is one. */
  private static final int MAX_BYTES_AT_ONCE = 1 << 20;

  private final InputStream in = new BufferedInputStream(System.in, 1 << 16);
  private long numLines;
  private InputException refusal; // of the line after these

  /**
   * The next lines: at least one and at most {@code most}, as many as there are without waiting for
   * more; none at the end.
   *
   * @throws InputException if the first of them is not UTF-8, is unreasonably long, or cannot be
   *     read
   */
  List<String> next(int most) {
    if (refusal != null) {
      throw refusal;
    }
    List<String> lines = new ArrayList<>();
    try {
      read(lines, most);
    } catch (InputException e) {
      refusal = e;
      if (lines.isEmpty()) {
        throw e;
      }
    }
    return lines;
  }

  private void read(List<String> lines, int most) {
    try {
      readLines(lines, most);
    } catch (IOException e) {
      throw new InputException(
          "standard input cannot be read behind line %d: %s".formatted(numLines, e.getMessage()),
          e);
    }
  }

  private void readLines(List<String> lines, int most) throws IOException {
    int numBytes = 0;
    do {
      byte[] line = line();
      if (line == null) {
        break;
      }
      numBytes += line.length;
      lines.add(text(line));
      numLines++;
    } while (lines.size() < most && numBytes < MAX_BYTES_AT_ONCE && in.available() > 0);
  }

  /** The number of the last line that was read, counted from 1. */
  long lineNumber() {
    return numLines;
  }

  /** Without its end; null if there is none. */
  private byte[] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
      if (line.size() > MAX_LINE_BYTES) {
        throw new InputException(
            "standard input, line %d: a line must have at most %,d bytes; is it text, a text a line?"
                .formatted(numLines + 1, MAX_LINE_BYTES));
      }
    }
    byte[] bytes = line.toByteArray();
    boolean crLf = next == '\n' && bytes.length > 0 && bytes[bytes.length - 1] == '\r';
    return crLf ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
  }

  private String text(byte[] line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(
          "standard input, line %d: text must be UTF-8, these bytes are not; convert it"
              .formatted(numLines + 1),
          e);
    }
  }
}
