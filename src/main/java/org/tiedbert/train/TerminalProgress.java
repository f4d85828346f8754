package org.tiedbert.train;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** The rows of {@link PlainProgress}, and below them one line that is drawn over and over. */
final class TerminalProgress implements Progress {
  private static final Duration ROW_INTERVAL = Duration.ofSeconds(30);
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintStream out;
  private final boolean colour;
  private final PlainProgress rows;

  TerminalProgress(PrintStream out, boolean colour, Clock clock) {
    this.out = out;
    this.colour = colour;
    this.rows = new PlainProgress(out, ROW_INTERVAL, clock);
  }

  @Override
  public void stageStarted(StageReport stage) {
    out.print(CLEAR_LINE);
    rows.printRow();
    out.print(colour ? BOLD : "");
    rows.stageStarted(stage);
    out.print(colour ? PLAIN : "");
    out.flush();
  }

  @Override
  public void step(StepReport step) {
    out.print(CLEAR_LINE);
    rows.step(step);
    out.print(ProgressTable.live(step));
    out.flush();
  }

  @Override
  public void evaluated(EvaluationReport evaluation) {
    out.print(CLEAR_LINE);
    rows.evaluated(evaluation);
  }

  @Override
  public void checkpoint(Path directory) {
    out.print(CLEAR_LINE);
    rows.checkpoint(directory);
  }

  @Override
  public void note(String text) {
    out.print(CLEAR_LINE);
    rows.note(text);
  }

  @Override
  public void close() {
    out.print(CLEAR_LINE);
    rows.close();
    out.flush();
  }
}
