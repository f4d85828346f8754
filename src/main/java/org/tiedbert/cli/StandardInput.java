package org.tiedbert.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.text.InputException;

/** Lines of UTF-8 text from standard input. */
final class StandardInput {
  private final BufferedReader reader =
      new BufferedReader(
          new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder())); // reports
  private long numLines;

  /**
   * The next lines: at least one and at most {@code most}, as many as there are without waiting for
   * more; none at the end.
   */
  List<String> next(int most) throws IOException {
    List<String> lines = new ArrayList<>();
    try {
      do {
        String line = reader.readLine();
        if (line == null) {
          break;
        }
        lines.add(line);
        numLines++;
      } while (lines.size() < most && reader.ready());
    } catch (CharacterCodingException e) {
      throw new InputException(
          "standard input, after line %d: text must be UTF-8, these bytes are not; convert it"
              .formatted(numLines),
          e);
    }
    return lines;
  }

  /** The number of the last line that was read, counted from 1. */
  long lineNumber() {
    return numLines;
  }
}
