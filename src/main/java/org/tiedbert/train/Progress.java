package org.tiedbert.train;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** What a person sees of a run while it runs. */
public interface Progress extends AutoCloseable {
  void stageStarted(StageReport stage);

  void step(StepReport step);

  void evaluated(EvaluationReport evaluation);

  void checkpoint(Path directory);

  /** Something a person should know. */
  void note(String line);

  @Override
  void close();

  /**
   * For a terminal: a line that moves, and a row every 30 s; rows alone where {@code TERM} is dumb.
   * {@code NO_COLOR} is respected.
   */
  static Progress terminal(PrintStream out) {
    Map<String, String> environment = System.getenv();
    if (environment.getOrDefault("TERM", "dumb").equals("dumb")) {
      return plain(out);
    }
    boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new TerminalProgress(out, colour, Clock.systemUTC());
  }

  /** Rows alone, one every 10 s. */
  static Progress plain(PrintStream out) {
    return new PlainProgress(out, Duration.ofSeconds(10), Clock.systemUTC());
  }

  /** Nothing at all. */
  static Progress silent() {
    return new SilentProgress();
  }
}
