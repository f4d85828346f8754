package org.tiedbert.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.Recoveries;
import org.tiedbert.checkpoint.Recovery;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunStart;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.corpus.ShardManifest;
import org.tiedbert.eval.AdversarialResults;
import org.tiedbert.eval.DevPrediction;
import org.tiedbert.eval.Glue;
import org.tiedbert.eval.GlueResults;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;

/**
 * Everything that a run's directory says, as far as it can be read.
 *
 * @param predictions of a fine-tuning run on its dev sets
 * @param recoveries the times that it diverged and went back
 * @param glue of a table of GLUE, where a cell is done
 * @param adversarial of a table that was put to AdvGLUE
 * @param beingWritten whether a process writes the run now
 * @param shards of the text it was trained on, where they are still there
 * @param notes what could not be read, in sentences
 */
record RunContents(
    RunDirectory run,
    RunKind kind,
    Settings settings,
    Metrics metrics,
    List<RunStart> starts,
    List<SavedCheckpoint> checkpoints,
    Optional<ShardManifest> shards,
    List<DevPrediction> predictions,
    List<Recovery> recoveries,
    Optional<GlueResults> glue,
    Optional<AdversarialResults> adversarial,
    boolean beingWritten,
    List<String> notes) {

  RunContents {
    starts = List.copyOf(starts);
    checkpoints = List.copyOf(checkpoints);
    predictions = List.copyOf(predictions);
    recoveries = List.copyOf(recoveries);
    notes = List.copyOf(notes);
  }

  static RunContents read(RunDirectory run) {
    List<String> notes = new ArrayList<>();
    boolean beingWritten = run.isBeingWritten();
    Settings settings = settings(run, notes);
    RunKind kind = RunKind.of(settings);
    return new RunContents(
        run,
        kind,
        settings,
        kind == RunKind.GLUE ? Metrics.none() : metrics(run, beingWritten, notes),
        read(damaged -> RunStart.read(run, damaged), notes),
        SavedCheckpoint.of(run, notes),
        shards(settings, notes),
        read(
            damaged -> DevPrediction.read(run.path().resolve(DevPrediction.FILE_NAME), damaged),
            notes),
        result(run.recoveries(), file -> Recoveries.read(run).recoveries(), notes)
            .orElse(List.of()),
        result(run.path().resolve(Glue.RESULTS), GlueResults::read, notes),
        result(run.path().resolve(AdversarialResults.FILE_NAME), AdversarialResults::read, notes),
        beingWritten,
        notes);
  }

  /** Reads lines, and notes the first damaged one and how many more there are. */
  private static <T> List<T> read(Function<Consumer<String>, List<T>> reader, List<String> notes) {
    List<String> damaged = new ArrayList<>();
    List<T> lines = reader.apply(damaged::add);
    if (!damaged.isEmpty()) {
      int more = damaged.size() - 1;
      notes.add(damaged.get(0) + (more == 0 ? "." : "; nor are %,d others.".formatted(more)));
    }
    return lines;
  }

  private static Settings settings(RunDirectory run, List<String> notes) {
    Path file = run.config();
    try {
      if (Files.exists(file)) {
        return Settings.parse(Files.readString(file, StandardCharsets.UTF_8));
      }
      notes.add("There is no %s: the run's settings are not known.".formatted(file.getFileName()));
    } catch (JsonProcessingException e) {
      notes.add("%s is not YAML: %s".formatted(file.getFileName(), firstLine(e)));
    } catch (IOException e) {
      notes.add("%s cannot be read: %s".formatted(file.getFileName(), FileProblem.of(e)));
    }
    return Settings.none();
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }

  private static Metrics metrics(RunDirectory run, boolean beingWritten, List<String> notes) {
    Path file = run.metrics();
    try {
      if (!Files.exists(file)) {
        notes.add("There is no %s: the run has no curves yet.".formatted(file.getFileName()));
        return Metrics.none();
      }
      Metrics metrics = Metrics.read(file);
      boolean lastIsBeingWritten = beingWritten && metrics.numDamaged() == 1;
      if (metrics.numDamaged() > 0 && !lastIsBeingWritten) {
        notes.add(
            "%s of %s could not be read, the first is line %s; the page is made of the others."
                .formatted(
                    Numbers.of(metrics.numDamaged(), "line"),
                    file.getFileName(),
                    Numbers.count(metrics.firstDamaged())));
      }
      return metrics;
    } catch (IOException e) {
      notes.add("%s cannot be read: %s".formatted(file.getFileName(), FileProblem.of(e)));
      return Metrics.none();
    }
  }

  private static Optional<ShardManifest> shards(Settings settings, List<String> notes) {
    Optional<String> folder = settings.text("data.shards");
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (!Files.isDirectory(Path.of(folder.get()))) {
        return Optional.empty(); // the section on data says so
      }
      return Optional.of(ShardManifest.read(Path.of(folder.get())));
    } catch (InputException | InvalidPathException e) {
      notes.add("The shards cannot be read: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static <T> Optional<T> result(Path file, Function<Path, T> reader, List<String> notes) {
    try {
      return Files.exists(file) ? Optional.of(reader.apply(file)) : Optional.empty();
    } catch (CheckpointException e) {
      notes.add(e.getMessage() + ".");
      return Optional.empty();
    }
  }

  /** Of the newest checkpoint that can be read. */
  Optional<TrainingState> state() {
    return checkpoints.stream()
        .flatMap(checkpoint -> checkpoint.state().stream())
        .reduce((older, newer) -> newer);
  }

  String name() {
    Path name = run.path().toAbsolutePath().normalize().getFileName();
    return name == null ? "run" : name.toString();
  }
}
