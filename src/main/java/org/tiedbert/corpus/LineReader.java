package org.tiedbert.corpus;

import com.google.common.io.CountingInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.tiedbert.text.FileProblem;

/** The lines of one file: decompressed, decoded as strict UTF-8, counted from 1. */
final class LineReader implements AutoCloseable {
  /** Longer lines are refused, so that memory stays bounded. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private static final char REPLACEMENT = '\uFFFD';
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Path file;
  private final CountingInputStream raw;
  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int start;
  private int end;
  private long lineNumber;

  LineReader(Path file) {
    this.file = file;
    InputStream opened = null;
    try {
      opened = Files.newInputStream(file);
      raw = new CountingInputStream(opened);
      in = Compression.of(file).decompress(new BufferedInputStream(raw, 1 << 16));
    } catch (IOException e) {
      closeQuietly(opened, e);
      throw new CorpusException("%s cannot be read: %s".formatted(file, describe(e)), e);
    }
  }

  /** The next line without its line break, or null at the end of the file. */
  String next() {
    lineNumber++;
    int searchedTo = start;
    while (true) {
      for (int i = searchedTo; i < end; i++) {
        if (buffer[i] == '\n') {
          String line = decode(start, i > start && buffer[i - 1] == '\r' ? i - 1 : i);
          start = i + 1;
          return line;
        }
      }
      searchedTo = end - start;
      if (!fill()) {
        String line = start == end ? null : decode(start, end);
        start = end;
        return line;
      }
      searchedTo += start;
    }
  }

  /** Moves the unread bytes to the front and reads more behind them. */
  private boolean fill() {
    int unread = end - start;
    if (unread > MAX_LINE_BYTES) {
      throw invalid("a line is longer than %d bytes; break it into paragraphs", MAX_LINE_BYTES);
    }
    byte[] target = unread > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
    System.arraycopy(buffer, start, target, 0, unread);
    buffer = target;
    start = 0;
    end = unread;
    try {
      int read = in.read(buffer, end, buffer.length - end);
      end += Math.max(0, read);
      return read >= 0;
    } catch (IOException e) {
      throw new CorpusException(
          "%s, after line %d: cannot be read on: %s".formatted(file, lineNumber - 1, describe(e)),
          e);
    }
  }

  private String decode(int from, int to) {
    String line = new String(buffer, from, to - from, StandardCharsets.UTF_8);
    if (line.indexOf(REPLACEMENT)
        >= 0) { // either what the file says, or what Java made of bad bytes
      requireUtf8(from, to);
    }
    return lineNumber == 1 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK
        ? line.substring(1)
        : line;
  }

  private void requireUtf8(int from, int to) {
    ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOfRange(buffer, from, to));
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException e) {
      throw invalid(
          "byte %d of the line is not UTF-8 (0x%02X); convert the file to UTF-8",
          bytes.position() + 1, bytes.get(bytes.position()) & 0xFF);
    }
  }

  /** An error at the line last returned. */
  CorpusException invalid(String format, Object... arguments) {
    return new CorpusException(
        "%s, line %d: %s".formatted(file, lineNumber, format.formatted(arguments)));
  }

  /** Bytes of the file, as it lies on disk, that were read so far. */
  long bytesRead() {
    return raw.getCount();
  }

  /** A decompressor's message says by itself what is wrong. */
  private static String describe(IOException e) {
    boolean damage = !(e instanceof FileSystemException) && e.getMessage() != null;
    return damage ? e.getMessage() : FileProblem.of(e);
  }

  private static void closeQuietly(InputStream stream, IOException cause) {
    try {
      if (stream != null) {
        stream.close();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    try (raw) {
      in.close();
    } catch (IOException e) {
      throw new CorpusException("%s cannot be closed: %s".formatted(file, describe(e)), e);
    }
  }
}
