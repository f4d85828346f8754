package org.tiedbert.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.util.Optional;
import org.tiedbert.text.InputException;

/** Another process that runs {@code bench --turns}. */
final class SteppedProcess {
  private final String name;
  private final Process process;
  private final PrintWriter in;
  private final BufferedReader out;

  SteppedProcess(String name, WorkerProcess started) throws IOException {
    this.name = name;
    this.process = started.start(Redirect.PIPE);
    this.in = new PrintWriter(process.getOutputStream(), true, UTF_8);
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Gives it a line to answer. */
  void ask(String line) {
    in.println(line);
  }

  /**
   * What it says, if it has said something.
   *
   * @throws InputException if it has ended
   */
  Optional<String> answer() throws IOException {
    if (out.ready()) {
      return Optional.of(out.readLine());
    }
    if (process.isAlive()) {
      return Optional.empty();
    }
    throw new InputException(
        "%s ended with status %d while it was measured; if no line above says why, it may have been"
                .formatted(name, process.exitValue())
            + " ended by the system for its memory: try fewer workers or smaller micro-batches");
  }

  /** It ends with its input, and deletes what it made. */
  void endInput() {
    in.close();
  }

  Process process() {
    return process;
  }
}
