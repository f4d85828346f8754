package org.tiedbert.eval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.tiedbert.eval.GlueData.TaskData;
import org.tiedbert.eval.GlueResults.TaskResult;
import org.tiedbert.eval.Task.DataSet;

/** The test sets labelled by each task's best model, as GLUE's leaderboard takes them. */
final class GlueLeaderboard {
  private final GlueConfig config;
  private final Path run;
  private final GlueProgress progress;

  GlueLeaderboard(GlueConfig config, Path run, GlueProgress progress) {
    this.config = config;
    this.run = run;
    this.progress = progress;
  }

  /** Writes the zip, if there is a test set and nobody says stop. */
  void write(GlueResults results, GlueData data, BooleanSupplier stopped) {
    List<Leaderboard.Predictions> all = new ArrayList<>();
    for (TaskResult result : results.tasks()) {
      if (stopped.getAsBoolean()) {
        return;
      }
      if (result.model() != null) {
        all.addAll(predictions(data.of(result.task()), run.resolve(result.model().path())));
      }
    }
    Path zip = run.resolve(Glue.LEADERBOARD);
    if (all.isEmpty()) {
      progress.note("no leaderboard file, as there is no test set");
      return;
    }
    List<String> missing = Leaderboard.write(zip, all);
    progress.note(
        "%s: predictions for GLUE's test sets%s"
            .formatted(
                zip, missing.isEmpty() ? "" : "; missing are " + String.join(", ", missing)));
  }

  private List<Leaderboard.Predictions> predictions(TaskData data, Path model) {
    Task task = data.task();
    List<DataSet> sets =
        task.testSets().stream()
            .filter(set -> Leaderboard.fileName(task, set.name()).isPresent())
            .filter(set -> set.isIn(data.folder()))
            .toList();
    List<Leaderboard.Predictions> predictions = new ArrayList<>();
    if (!sets.isEmpty()) {
      try (FineTunedModel opened =
          FineTunedModel.open(model, task.output(), config.maxSeqLength(), config.engine())) {
        for (DataSet set : sets) {
          progress.note("%s: labelling %s".formatted(task.name(), set.fileName()));
          predictions.add(
              new Leaderboard.Predictions(
                  task, set.name(), opened.predict(set.read(data.folder()))));
        }
      }
    }
    return predictions;
  }
}
