package org.tiedbert.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.WholeDirectory;
import org.tiedbert.eval.GlueResults.KeptModel;
import org.tiedbert.text.FileProblem;

/**
 * The cells on disk: for each that is done a file, for the one at work and for each task's best a
 * folder, its fine-tuning run.
 *
 * @param run the folder of the table
 */
record GlueCells(Path run) {
  private static final String FOLDER = "cells";

  /** Where a cell is fine-tuned. */
  Path folder(GlueCell cell) {
    return taskFolder(cell.task()).resolve(cell.fileName());
  }

  private Path taskFolder(String task) {
    return run.resolve(FOLDER).resolve(task);
  }

  private Path file(GlueCell cell) {
    return taskFolder(cell.task()).resolve(cell.fileName() + ".json");
  }

  Optional<CellResult> result(GlueCell cell) {
    return Files.exists(file(cell)) ? Optional.of(CellResult.read(file(cell))) : Optional.empty();
  }

  void write(CellResult result) {
    result.write(file(result.cell()));
  }

  /** Those among some cells that are done. */
  List<CellResult> done(List<GlueCell> cells) {
    List<CellResult> done = new ArrayList<>();
    cells.forEach(cell -> result(cell).ifPresent(done::add));
    return done;
  }

  /** The cell of the highest score, the first of equals. */
  static Optional<CellResult> best(List<CellResult> done) {
    CellResult best = null;
    for (CellResult cell : done) {
      boolean isBetter =
          cell.score().isPresent()
              && (best == null || cell.score().getAsDouble() > best.score().getAsDouble());
      best = isBetter ? cell : best;
    }
    return Optional.ofNullable(best);
  }

  KeptModel kept(CellResult best) {
    Path folder = Path.of(FOLDER, best.cell().task(), best.cell().fileName());
    return new KeptModel(
        best.cell(),
        folder.toString().replace('\\', '/'),
        best.score().getAsDouble(),
        best.result().dataSets());
  }

  /** Deletes the models of a task's cells that are done and not the best. */
  void keepBestAlone(List<CellResult> done) {
    Optional<GlueCell> best = best(done).map(CellResult::cell);
    try {
      for (CellResult cell : done) {
        Path folder = folder(cell.cell());
        WholeDirectory.deleteLeftovers(folder.getParent());
        if (!best.equals(Optional.of(cell.cell())) && Files.exists(folder)) {
          WholeDirectory.remove(folder);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CheckpointException(
          "models in %s that are not needed any more cannot be deleted: %s"
              .formatted(run.resolve(FOLDER), FileProblem.of(e)),
          e);
    }
  }
}
