package org.tiedbert.train;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Rows of a table: the first updates of this process, then one row per interval. */
final class PlainProgress implements Progress {
  private static final int NUM_FIRST_STEPS = 3;

  private final PrintStream out;
  private final Duration interval;
  private final Clock clock;
  private final ProgressTable table = new ProgressTable();
  private Instant lastRow;
  private int numSteps;
  private boolean headed;

  PlainProgress(PrintStream out, Duration interval, Clock clock) {
    this.out = out;
    this.interval = interval;
    this.clock = clock;
    this.lastRow = clock.instant();
  }

  @Override
  public void stageStarted(StageReport stage) {
    printRow();
    line(ProgressTable.stage(stage));
    headed = false;
  }

  @Override
  public void step(StepReport step) {
    if (!headed) {
      line(ProgressTable.header(step));
      headed = true;
    }
    table.add(step);
    numSteps++;
    boolean due = Duration.between(lastRow, clock.instant()).compareTo(interval) >= 0;
    if (due || numSteps <= NUM_FIRST_STEPS || step.step() == step.totalSteps()) {
      printRow();
    }
  }

  @Override
  public void evaluated(EvaluationReport evaluation) {
    printRow();
    line(ProgressTable.evaluation(evaluation));
  }

  @Override
  public void checkpoint(Path directory) {
    line(ProgressTable.checkpoint(directory));
  }

  @Override
  public void note(String text) {
    line("note: " + text);
  }

  @Override
  public void close() {
    printRow();
  }

  /** Prints the updates that no row holds yet, if any. */
  void printRow() {
    if (!table.isEmpty()) {
      line(table.row());
      lastRow = clock.instant();
    }
  }

  private void line(String text) {
    out.println(text);
    out.flush();
  }
}
