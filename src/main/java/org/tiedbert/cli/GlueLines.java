package org.tiedbert.cli;

import java.io.PrintWriter;
import org.tiedbert.eval.GlueCell;
import org.tiedbert.eval.GlueProgress;

/** A table of GLUE on standard error: a bar or lines for all of its cells, a line for each. */
final class GlueLines implements GlueProgress, AutoCloseable {
  private static final WorkProgress.Unit TEXT = new WorkProgress.Unit(" k characters", 1000);

  private final PrintWriter err;
  private WorkProgress bar;

  GlueLines(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void note(String line) {
    if (bar != null) {
      bar.pause();
    }
    err.println(line);
  }

  @Override
  public void step(long done, long total, int cell, int numCells, GlueCell at, double loss) {
    if (bar == null) {
      bar = WorkProgress.start(err, "Fine-tuning", TEXT, total);
    }
    bar.at(done, ", cell %,d of %,d: %s, loss %.4f".formatted(cell, numCells, at.inWords(), loss));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
