package org.tiedbert.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.concurrent.TimeUnit;
import org.tiedbert.text.InputException;

/** Another process that runs {@code bench --turns}. Ended when closed. */
final class SteppedProcess implements AutoCloseable {
  private static final Splitter WORDS = Splitter.on(' ');

  private static final long SECONDS_TO_END = 10;

  private final String name;
  private final Process process;
  private final PrintWriter in;
  private final BufferedReader out;

  SteppedProcess(String name, WorkerProcess started) {
    this.name = name;
    try {
      this.process = started.start(Redirect.PIPE, Redirect.PIPE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.in = new PrintWriter(process.getOutputStream(), true, UTF_8);
    this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Waits until it has warmed up. */
  void awaitReady() {
    String line = line();
    if (!line.equals(BenchTurns.READY)) {
      throw new IllegalStateException("expected '%s', got '%s'".formatted(BenchTurns.READY, line));
    }
  }

  /** Gives it a line to answer. */
  void ask(String line) {
    in.println(line);
  }

  /** Waits for the answer: seconds. */
  double[] seconds() {
    return WORDS.splitToStream(line()).mapToDouble(Double::parseDouble).toArray();
  }

  private String line() {
    try {
      String line = out.readLine();
      if (line != null) {
        return line;
      }
      throw new InputException(
          "%s ended with status %d while it was measured; if no line above says why, it may have been"
                  .formatted(name, process.waitFor())
              + " ended by the system for its memory: try fewer workers or smaller micro-batches");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** It ends with its input, and deletes what it made; unless it hangs. */
  @Override
  public void close() {
    in.close();
    try {
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
