package org.tiedbert.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
import org.tiedbert.checkpoint.RunStart;
import org.tiedbert.engine.Environment;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;
import org.tiedbert.train.DivergenceException;

/**
 * A table of GLUE in one directory: fine-tunes every cell, or those that are not done yet, and
 * writes {@code results.json}, {@code table.md} and {@code table.csv} after each, and at the end
 * {@code leaderboard.zip}. A continued table is the one of a run that never stopped. Of each task
 * the best cell's model is kept.
 */
public final class Glue {
  /** Its name in the directory. */
  public static final String RESULTS = "results.json";

  /** Its name in the directory. */
  public static final String LEADERBOARD = "leaderboard.zip";

  private final GlueConfig config;
  private final String configYaml;
  private final Function<FineTuningConfig, String> yaml;
  private final Path output;
  private final GlueProgress progress;
  private final GlueCells cells;
  private volatile FineTuning atWork;
  private volatile boolean stopped;

  /**
   * @param configYaml the same configuration as text, kept as {@code config.yaml}
   * @param yaml the configuration of a cell as text, likewise
   * @param output the directory; made, or continued. Tasks, seeds and grid may be others than
   *     before, as cells are told apart by them
   */
  public Glue(
      GlueConfig config,
      String configYaml,
      Function<FineTuningConfig, String> yaml,
      Path output,
      GlueProgress progress) {
    this.config = config;
    this.configYaml = configYaml;
    this.yaml = yaml;
    this.output = output;
    this.progress = progress;
    this.cells = new GlueCells(output);
  }

  /**
   * Trains until every cell is done or {@link #stop} is called.
   *
   * @return what came of the cells that are done
   * @throws InputException if the data or the model do not fit; nothing is written then
   * @throws CheckpointException if the directory holds something else, or cells of other settings,
   *     or another process writes it
   */
  public GlueResults run() {
    ModelDirectory model =
        ModelDirectory.open(config.init(), damaged -> progress.note(damaged.getMessage()));
    FineTuning.requireFit(model, config.maxSeqLength());
    GlueData data = GlueData.read(config);
    RunDirectory run = RunDirectory.createOrContinue(output);
    RunLock lock = run.lock();
    try {
      List<GlueCell> all = config.cells(data.names());
      requireSameSettings(run, all);
      settle(run, model);
      RunStart.now(0, Environment.of(config.engine())).append(run);
      data.names().forEach(this::keepBestAlone);
      train(all, data);
      GlueResults results = write(data);
      if (results.areComplete() && !Files.exists(output.resolve(LEADERBOARD)) && !stopped) {
        new GlueLeaderboard(config, output, progress).write(results, data, () -> stopped);
      }
      return results;
    } finally {
      lock.close();
    }
  }

  /** Asks to take a checkpoint after the current step and end; any thread may call. */
  public void stop() {
    stopped = true;
    FineTuning running = atWork;
    if (running != null) {
      running.stop();
    }
  }

  /** Keeps the configuration of now, and requires the vocabulary of before. */
  private void settle(RunDirectory run, ModelDirectory model) {
    try {
      String before = Files.exists(run.config()) ? Files.readString(run.config()) : configYaml;
      run.settle(before, model.vocabulary(), config.init());
      WholeFile.write(run.config(), configYaml.getBytes(UTF_8));
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be read or written: %s".formatted(run.config(), FileProblem.of(e)), e);
    }
  }

  private void requireSameSettings(RunDirectory run, List<GlueCell> all) {
    if (Files.exists(run.metrics()) || Files.exists(run.checkpoints())) {
      throw new CheckpointException(
          "%s holds a training run and no table of GLUE; choose another --output"
              .formatted(output));
    }
    for (CellResult done : cells.done(all)) {
      if (!done.settings().equals(yaml.apply(config.fineTuning(done.cell())))) {
        throw new CheckpointException(
            "%s was trained with other settings in %s; choose another --output"
                .formatted(done.cell().inWords(), output));
      }
    }
  }

  private void train(List<GlueCell> all, GlueData data) {
    GluePace pace = new GluePace(config, data, all, progress);
    for (GlueCell cell : all) {
      boolean done = cells.result(cell).isPresent();
      if (!done && !stopped) {
        deletePredictions();
        Optional<CellResult> result = train(cell, pace.of(cell));
        result.ifPresent(found -> progress.note(pace.inWords(cell) + ": " + score(found)));
        result.ifPresent(cells::write);
        keepBestAlone(cell.task());
        write(data);
      }
      pace.finished(cell);
    }
  }

  /** Those of models that may not be the best for long. */
  private void deletePredictions() {
    try {
      Files.deleteIfExists(output.resolve(LEADERBOARD));
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be deleted: %s".formatted(output.resolve(LEADERBOARD), FileProblem.of(e)), e);
    }
  }

  /** Empty if it was told to stop. */
  private Optional<CellResult> train(GlueCell cell, FineTuningProgress steps) {
    FineTuningConfig settings = config.fineTuning(cell);
    String text = yaml.apply(settings);
    FineTuning run = new FineTuning(settings, text, cells.folder(cell), steps);
    atWork = run;
    if (stopped) {
      run.stop();
    }
    try {
      return run.run().map(done -> new CellResult(cell, text, done, null));
    } catch (DivergenceException e) {
      return Optional.of(new CellResult(cell, text, null, e.getMessage()));
    }
  }

  private static String score(CellResult done) {
    if (done.problem() != null) {
      return done.problem();
    }
    return done.score().isPresent() ? GlueTable.percent(done.score().getAsDouble()) : "no score";
  }

  private void keepBestAlone(String task) {
    cells.keepBestAlone(cells.done(config.cells(List.of(task))));
  }

  private GlueResults write(GlueData data) {
    GlueResults results = GlueResults.of(config, data, cells);
    GlueTable table = new GlueTable(results);
    try {
      WholeFile.write(output.resolve(RESULTS), results.bytes());
      WholeFile.write(output.resolve("table.md"), table.markdown().getBytes(UTF_8));
      WholeFile.write(output.resolve("table.csv"), table.csv().getBytes(UTF_8));
    } catch (IOException e) {
      throw new CheckpointException(
          "the table in %s cannot be written: %s".formatted(output, FileProblem.of(e)), e);
    }
    return results;
  }
}
