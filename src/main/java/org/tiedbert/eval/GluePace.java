package org.tiedbert.eval;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How far the cells are, by the text that they go through. */
final class GluePace {
  private final GlueConfig config;
  private final GlueData data;
  private final List<GlueCell> cells;
  private final GlueProgress progress;
  private final long total;
  private final Set<String> noted = new HashSet<>();
  private long done;

  /**
   * @param cells all of them
   */
  GluePace(GlueConfig config, GlueData data, List<GlueCell> cells, GlueProgress progress) {
    this.config = config;
    this.data = data;
    this.cells = cells;
    this.progress = progress;
    this.total = cells.stream().mapToLong(this::characters).sum();
  }

  private long characters(GlueCell cell) {
    return data.of(cell.task()).numCharacters() * config.epochs(cell.task());
  }

  /** A cell is done, early or not. */
  void finished(GlueCell cell) {
    done += characters(cell);
  }

  /** Such as {@code cell 3 of 192, RTE, …}. */
  String inWords(GlueCell cell) {
    return "cell %,d of %,d, %s".formatted(cells.indexOf(cell) + 1, cells.size(), cell.inWords());
  }

  /** Passes on a cell's steps, and each of its remarks once for all cells. */
  FineTuningProgress of(GlueCell cell) {
    int number = cells.indexOf(cell) + 1;
    return new FineTuningProgress() {
      @Override
      public void note(String line) {
        if (noted.add(line)) {
          progress.note(line);
        }
      }

      @Override
      public void step(long steps, long totalSteps, double loss) {
        long behind = done + characters(cell) * steps / totalSteps;
        progress.step(behind, total, number, cells.size(), cell, loss);
      }

      @Override
      public void scored(long steps, List<Scores> scores, boolean best) {}
    };
  }
}
