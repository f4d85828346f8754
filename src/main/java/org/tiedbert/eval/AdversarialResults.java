package org.tiedbert.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunLock;
import org.tiedbert.eval.Adversarial.AdversarialSet;
import org.tiedbert.eval.FineTuningResult.DataSetResult;
import org.tiedbert.eval.GlueData.MissingTask;
import org.tiedbert.eval.GlueResults.KeptModel;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/**
 * The kept models of a table on AdvGLUE beside their own development sets; the contents of {@code
 * adversarial.json}.
 *
 * @param sets those that there is a model for
 * @param missing those that there is none for
 */
public record AdversarialResults(List<SetResult> sets, List<MissingTask> missing) {
  /** Its name in the table's folder. */
  public static final String FILE_NAME = "adversarial.json";

  private static final String ACCURACY = "accuracy";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public AdversarialResults {
    sets = List.copyOf(sets);
    missing = List.copyOf(missing);
  }

  /**
   * One set of AdvGLUE.
   *
   * @param name as in its file
   * @param model of the task, below the table's folder
   * @param clean what that model reached on its own development set
   * @param adversarial what it reaches here
   */
  public record SetResult(
      String name,
      String task,
      int numExamples,
      String model,
      DataSetResult clean,
      DataSetResult adversarial) {}

  /**
   * Scores the kept models, and writes {@code adversarial.json} and {@code adversarial.md}.
   *
   * @param run the folder of a table
   * @param config that of the table
   * @param file AdvGLUE's development file
   * @throws InputException if the file is not what it must be, or the table has a model for none of
   *     its tasks
   * @throws CheckpointException if there is no such table, or another process is writing it
   */
  public static AdversarialResults score(
      Path run, GlueConfig config, Path file, GlueProgress progress) {
    List<AdversarialSet> sets = Adversarial.read(file);
    GlueResults results = GlueResults.read(run.resolve(Glue.RESULTS));
    RunLock lock = new RunDirectory(run).lock();
    try {
      List<SetResult> scored = new ArrayList<>();
      List<MissingTask> missing = new ArrayList<>();
      for (AdversarialSet set : sets) {
        Optional<KeptModel> model = model(results, set.task().name());
        if (model.isPresent()) {
          progress.note("%s: %,d examples".formatted(set.name(), set.examples().size()));
          scored.add(score(run, config, set, model.get()));
        } else {
          missing.add(new MissingTask(set.name(), "no model of " + set.task().name()));
        }
      }
      if (scored.isEmpty()) {
        throw new InputException(
            "%s must have a model of a task of %s; it has none".formatted(run, file));
      }
      AdversarialResults all = new AdversarialResults(scored, missing);
      all.write(run);
      return all;
    } finally {
      lock.close();
    }
  }

  private static Optional<KeptModel> model(GlueResults results, String task) {
    return results.tasks().stream()
        .filter(result -> result.task().equals(task) && result.model() != null)
        .map(GlueResults.TaskResult::model)
        .findFirst();
  }

  private static SetResult score(Path run, GlueConfig config, AdversarialSet set, KeptModel model) {
    Task task = set.task();
    double[] targets =
        set.examples().stream().mapToDouble(example -> example.target().orElseThrow()).toArray();
    try (FineTunedModel opened =
        FineTunedModel.open(
            run.resolve(model.path()), task.output(), config.maxSeqLength(), config.engine())) {
      double[] predictions = opened.predict(set.examples());
      Scores scores = Scores.of(set.name(), task.metrics(), predictions, targets);
      return new SetResult(
          set.name(),
          task.name(),
          set.examples().size(),
          model.path(),
          model.dataSets().stream()
              .filter(clean -> clean.name().equals(set.cleanSet()))
              .findFirst()
              .orElseThrow(),
          DataSetResult.of(scores));
    }
  }

  /** Names of the columns. */
  public List<String> header() {
    return List.of("AdvGLUE", "metric", "examples", "clean", "adversarial", "difference");
  }

  /** Every metric of every set in percent, and the accuracies' means. */
  public List<List<String>> table() {
    List<List<String>> rows = new ArrayList<>();
    for (SetResult set : sets) {
      for (String metric : set.clean.metrics().keySet()) {
        Double clean = set.clean.metrics().get(metric);
        Double other = set.adversarial.metrics().get(metric);
        rows.add(row(set.name, metric, Integer.toString(set.numExamples), clean, other));
      }
    }
    rows.add(
        row(
            "average",
            ACCURACY,
            "",
            mean(set -> accuracy(set.clean)),
            mean(set -> accuracy(set.adversarial))));
    return rows;
  }

  private double mean(ToDoubleFunction<SetResult> accuracy) {
    return sets.stream().mapToDouble(accuracy).average().orElseThrow();
  }

  private static double accuracy(DataSetResult set) {
    return set.metrics().get(ACCURACY);
  }

  /** A metric that is undefined on either side has no difference. */
  private static List<String> row(
      String name, String metric, String numExamples, Double clean, Double other) {
    return List.of(
        name,
        metric,
        numExamples,
        clean == null ? "" : GlueTable.percent(clean),
        other == null ? "" : GlueTable.percent(other),
        clean == null || other == null ? "" : GlueTable.percent(other - clean));
  }

  /** What has to be said of the table, a sentence each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    missing.forEach(set -> notes.add("%s is left out: %s.".formatted(set.task(), set.reason())));
    notes.add(
        "In percent, of each task's kept model, on its own whole development set and on AdvGLUE's"
            + " examples.");
    return notes;
  }

  /**
   * Reads the file.
   *
   * @throws CheckpointException if it cannot be read or is damaged
   */
  public static AdversarialResults read(Path file) {
    try {
      return MAPPER.readValue(Files.readAllBytes(file), AdversarialResults.class);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s must hold what came of AdvGLUE: %s"
              .formatted(file, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  private void write(Path run) {
    StringBuilder text = new StringBuilder("| " + String.join(" | ", header()) + " |\n");
    text.append("|---|---|---:|---:|---:|---:|\n");
    table().forEach(row -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
    text.append('\n');
    notes().forEach(note -> text.append("- ").append(note).append('\n'));
    try {
      WholeFile.write(run.resolve(FILE_NAME), MAPPER.writeValueAsBytes(this));
      WholeFile.write(run.resolve("adversarial.md"), text.toString().getBytes(UTF_8));
    } catch (IOException e) {
      throw new CheckpointException(
          "%s cannot be written to: %s".formatted(run, FileProblem.of(e)), e);
    }
  }
}
