package org.tiedbert.train;

import java.io.Console;
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
   * For this process's terminal if {@code out} goes there, with a line that moves and a row every
   * 30 s; else, or on a terminal that can do neither, rows alone, one every 10 s. {@code NO_COLOR}
   * and {@code TERM=dumb} are respected.
   */
  static Progress to(PrintStream out) {
    Map<String, String> environment = System.getenv();
    if (!isTerminal() || environment.getOrDefault("TERM", "dumb").equals("dumb")) {
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

  /** From Java 22 on there is a console without a terminal too, and a method that tells. */
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
