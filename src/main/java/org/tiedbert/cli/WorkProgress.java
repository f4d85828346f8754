package org.tiedbert.cli;

import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a command is with work whose size is known: a bar with rate and time left on a terminal,
 * a line every ten seconds elsewhere.
 */
interface WorkProgress extends AutoCloseable {
  /** What work is counted in, so many at once. */
  record Unit(String name, long size) {
    static final Unit MEGABYTE = new Unit(" MB", 1_000_000);
    static final Unit PAIR = new Unit(" pairs", 1);
    static final Unit SENTENCE = new Unit(" sentences", 1);
    static final Unit TOKEN = new Unit(" tokens", 1);
    static final Unit STEP = new Unit(" steps", 1);
    static final Unit TURN = new Unit(" turns", 1);
  }

  /**
   * @param done of the total
   * @param remark what else there is to say, to stand behind the rate
   */
  void at(long done, String remark);

  /** Leaves the line to others, until there is more to say. */
  void pause();

  @Override
  void close();

  /** For standard error, of which the launcher says whether it is a terminal. */
  static WorkProgress start(PrintWriter err, String task, Unit unit, long total) {
    return Boolean.getBoolean("tiedbert.terminal")
        ? new Bar(task, unit, total)
        : new Lines(err, task, unit, total);
  }

  /** One line of the terminal, drawn over and over. */
  final class Bar implements WorkProgress {
    private final String task;
    private final Unit unit;
    private final long total;
    private ProgressBar bar;

    Bar(String task, Unit unit, long total) {
      this.task = task;
      this.unit = unit;
      this.total = total;
    }

    @Override
    public void at(long done, String remark) {
      if (bar == null) {
        bar = startingFrom(done);
      }
      bar.stepTo(done);
      bar.setExtraMessage(remark);
    }

    /** What was done before says nothing of the rate. */
    private ProgressBar startingFrom(long done) {
      return new ProgressBarBuilder()
          .setTaskName(task)
          .setInitialMax(total)
          .startsFrom(done, Duration.ZERO)
          .setUnit(unit.name(), unit.size())
          .setStyle(ProgressBarStyle.ASCII)
          .setUpdateIntervalMillis(200)
          .showSpeed()
          .build();
    }

    @Override
    public void pause() {
      close();
      bar = null;
    }

    @Override
    public void close() {
      if (bar != null) {
        bar.close();
      }
    }
  }

  /** Lines that stay, for logs. */
  final class Lines implements WorkProgress {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final PrintWriter err;
    private final String task;
    private final Unit unit;
    private final long total;
    private final long start = System.nanoTime();
    private long lastLine = start;
    private long before = -1;

    Lines(PrintWriter err, String task, Unit unit, long total) {
      this.err = err;
      this.task = task;
      this.unit = unit;
      this.total = total;
    }

    @Override
    public void at(long done, String remark) {
      if (before < 0) {
        before = done;
      }
      long now = System.nanoTime();
      if (now - lastLine < INTERVAL.toNanos() || done == before) {
        return;
      }
      lastLine = now;
      double perSecond = (done - before) / ((now - start) * 1e-9);
      err.printf(
          "%s: %,d of %,d%s, %,.1f/s, %s left%s%n",
          task,
          done / unit.size(),
          total / unit.size(),
          unit.name(),
          perSecond / unit.size(),
          Readable.duration(Duration.ofSeconds((long) ((total - done) / perSecond))),
          remark);
    }

    @Override
    public void pause() {}

    @Override
    public void close() {}
  }
}
