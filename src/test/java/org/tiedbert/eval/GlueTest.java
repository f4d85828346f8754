package org.tiedbert.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.eval.FineTuningResult.DataSetResult;
import org.tiedbert.eval.GlueData.MissingTask;
import org.tiedbert.eval.GlueResults.KeptModel;
import org.tiedbert.eval.GlueResults.TaskResult;
import org.tiedbert.text.InputException;

class GlueTest {
  @TempDir private Path folder;
  private TinyGlue tiny;

  @BeforeEach
  void makeTasks() {
    tiny = new TinyGlue(folder);
  }

  @Test
  void aStoppedTableIsTheOneThatNeverStopped() throws IOException {
    GlueConfig config = tiny.config(List.of(1L, 2L), List.of(1e-2));
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    // given
    List<GlueCell> trained = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    GlueResults results = glue(config, whole, trained, Integer.MAX_VALUE, notes).run();
    // when: stopped in the first cell, and in the third
    Map<String, String> before = new HashMap<>();
    for (int numSteps : new int[] {2, 6}) {
      List<GlueCell> now = new ArrayList<>();
      GlueResults some = glue(config, parts, now, numSteps).run();
      assertThat(some.areComplete()).isFalse();
      assertThat(parts.resolve("leaderboard.zip")).doesNotExist();
      // then: no cell is trained again once it is done
      assertThat(now).noneMatch(cell -> before.containsKey(cell.fileName() + cell.task()));
      assertThat(cellFiles(parts)).containsAllEntriesOf(before);
      before.putAll(cellFiles(parts));
    }
    GlueResults continued = glue(config, parts, new ArrayList<>(), Integer.MAX_VALUE).run();
    // then
    assertThat(before).hasSize(2);
    assertThat(withoutTimes(parts)).isEqualTo(withoutTimes(whole));
    assertThat(continued.areComplete()).isTrue();
    assertThat(results.numCells()).isEqualTo(4);
    assertThat(parts.resolve("table.md")).hasSameTextualContentAs(whole.resolve("table.md"));
    assertThat(parts.resolve("table.csv")).hasSameTextualContentAs(whole.resolve("table.csv"));
    assertThat(parts.resolve("leaderboard.zip"))
        .hasSameBinaryContentAs(whole.resolve("leaderboard.zip"));
    // and: all tasks' first seeds came first
    assertThat(trained.stream().map(cell -> cell.task() + cell.seed()).distinct())
        .containsExactly("CoLA1", "RTE1", "CoLA2", "RTE2");
    // and: of each task the best model is there, and no other
    for (TaskResult task : results.tasks()) {
      KeptModel kept = task.model();
      assertThat(folders(whole.resolve("cells").resolve(task.task())))
          .containsExactly(whole.resolve(kept.path()));
      double highest =
          task.points().stream().mapToDouble(point -> point.score().max()).max().orElseThrow();
      assertThat(kept.score()).isEqualTo(highest);
      assertThat(scoreOf(whole.resolve(kept.path()), task.task())).isEqualTo(kept.dataSets());
    }
    assertThat(GlueResults.read(whole.resolve("results.json"))).isEqualTo(results);
    assertMissingTasksAreNamed(results);
    assertTestSetsAreLabelled(whole, notes);
    // and: RTE was trained for its own number of epochs
    assertThat(results.tasks().get(1).points().get(0).seeds().get(0).bestStep()).isIn(2L, 4L);
  }

  private List<DataSetResult> scoreOf(Path model, String name) {
    Task task = GlueTasks.named(name);
    List<Example> dev = task.devSets().get(0).read(tiny.data.resolve(name));
    GlueConfig config = tiny.config(List.of(1L), List.of(1e-2));
    try (FineTunedModel opened =
        FineTunedModel.open(model, task.output(), config.maxSeqLength(), config.engine())) {
      double[] targets =
          dev.stream().mapToDouble(example -> example.target().orElseThrow()).toArray();
      return List.of(
          DataSetResult.of(Scores.of("dev", task.metrics(), opened.predict(dev), targets)));
    }
  }

  private void assertMissingTasksAreNamed(GlueResults results) {
    assertThat(results.missing())
        .containsExactly(
            new MissingTask("QNLI", "no train.tsv in " + tiny.data.resolve("QNLI")),
            new MissingTask("SST-2", "no files in " + tiny.data.resolve("SST-2")));
    assertThat(results.averaged()).containsExactly("CoLA", "RTE");
    assertThat(results.average())
        .isEqualTo(
            (results.tasks().get(0).best().score().median()
                    + results.tasks().get(1).best().score().median())
                / 2);
  }

  private static void assertTestSetsAreLabelled(Path run, List<String> notes) throws IOException {
    assertThat(zipped(run.resolve("leaderboard.zip")))
        .containsOnlyKeys("CoLA.tsv", "RTE.tsv")
        .hasEntrySatisfying(
            "CoLA.tsv", text -> assertThat(text).matches("index\tprediction\n(\\d\t[01]\n){3}"))
        .hasEntrySatisfying(
            "RTE.tsv",
            text -> assertThat(text).matches("index\tprediction\n(\\d\t(not_)?entailment\n){2}"));
    assertThat(notes)
        .contains(
            run.resolve("leaderboard.zip")
                + ": predictions for GLUE's test sets; missing are SST-2.tsv, MRPC.tsv, STS-B.tsv,"
                + " MNLI-m.tsv, MNLI-mm.tsv, QNLI.tsv, QQP.tsv, WNLI.tsv")
        .anyMatch(note -> note.startsWith("cell 2 of 4, RTE, learning rate 1e-2, batch 8, "));
  }

  @Test
  void aCellThatDivergesIsToldAndTheOthersGoOn() {
    GlueConfig config =
        tiny.config(List.of(1L), List.of(1e-2))
            .withCells(List.of("CoLA"), List.of(1L), grid(1e30, 1e-2));
    Path run = folder.resolve("run");
    GlueResults results = glue(config, run, new ArrayList<>(), Integer.MAX_VALUE).run();
    TaskResult cola = results.tasks().get(0);
    assertThat(results.areComplete()).isTrue();
    assertThat(cola.points().get(0).score().median()).isNull();
    assertThat(cola.points().get(0).seeds().get(0).problem()).contains("gave a loss of NaN");
    assertThat(cola.best().point().learningRate()).isEqualTo(1e-2);
    assertThat(new GlueTable(results).notes())
        .anyMatch(
            note ->
                note.startsWith(
                    "CoLA, learning rate 1e30, batch 8, weight decay 0.01, seed 1 has no score and"
                        + " counts as the lowest: step "));
  }

  @Test
  void refusesWhatDoesNotFit() throws IOException {
    GlueConfig config = tiny.config(List.of(1L), List.of(1e-2));
    Path run = folder.resolve("run");
    // no data at all
    GlueConfig elsewhere = config.withCells(List.of("QNLI", "MRPC"), config.seeds(), config.grid());
    assertThatThrownBy(() -> glue(elsewhere, run, new ArrayList<>(), 1).run())
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s must hold a training and all development sets of a task at least, it holds none of"
                + " QNLI, MRPC",
            tiny.data);
    assertThat(run).doesNotExist();
    // a mistake in the last of the data, before any training
    Path dev = tiny.data.resolve("RTE/dev.tsv");
    String right = Files.readString(dev);
    Files.writeString(dev, right + "10\tthe sea\tit\tmaybe\n");
    assertThatThrownBy(() -> glue(config, run, new ArrayList<>(), 1).run())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("RTE/dev.tsv, line 12: the label must be one of");
    assertThat(run).doesNotExist();
    Files.writeString(dev, right);
    // a training run
    assertThatThrownBy(() -> glue(config, tiny.model, new ArrayList<>(), 1).run())
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "%s holds a training run and no table of GLUE; choose another --output", tiny.model);
    // cells of other settings
    GlueConfig cola = config.withCells(List.of("CoLA"), config.seeds(), config.grid());
    glue(cola, run, new ArrayList<>(), Integer.MAX_VALUE).run();
    Glue other = new Glue(cola, "the: same\n", cell -> "an: other\n", run, GlueProgress.silent());
    assertThatThrownBy(other::run)
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            "CoLA, learning rate 1e-2, batch 8, weight decay 0.01, seed 1 was trained with other"
                + " settings in %s; choose another --output",
            run);
    // a damaged cell
    Path cell = run.resolve("cells/CoLA/lr1e-2-batch8-decay0.01-seed1.json");
    Files.writeString(cell, "{}");
    assertThatThrownBy(() -> glue(cola, run, new ArrayList<>(), 1).run())
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            "%s must hold what came of a cell, delete it to train that again: ".formatted(cell));
  }

  private Glue glue(GlueConfig config, Path run, List<GlueCell> trained, int numSteps) {
    return glue(config, run, trained, numSteps, new ArrayList<>());
  }

  /** One that is told to stop after some steps. */
  private static Glue glue(
      GlueConfig config, Path run, List<GlueCell> trained, int numSteps, List<String> notes) {
    Glue[] glue = new Glue[1];
    int[] steps = new int[1];
    Set<GlueCell> seen = new HashSet<>();
    glue[0] =
        new Glue(
            config,
            "the: same\n",
            FineTuningConfig::toString,
            run,
            new GlueProgress() {
              @Override
              public void note(String line) {
                notes.add(line);
              }

              @Override
              public void step(
                  long done, long total, int cell, int numCells, GlueCell at, double loss) {
                assertThat(done).isBetween(1L, total);
                assertThat(cell).isBetween(1, numCells);
                if (seen.add(at)) {
                  trained.add(at);
                }
                if (++steps[0] == numSteps) {
                  glue[0].stop();
                }
              }
            });
    return glue[0];
  }

  private static GlueConfig.Grid grid(Double... learningRates) {
    return new GlueConfig.Grid(List.of(learningRates), List.of(8), List.of(0.01));
  }

  private static Map<String, String> cellFiles(Path run) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(run.resolve("cells"), 2)) {
      for (Path path : paths.filter(path -> path.toString().endsWith(".json")).toList()) {
        String name = path.getFileName().toString().replace(".json", "");
        files.put(name + path.getParent().getFileName(), Files.readString(path));
      }
    }
    return files;
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(Files::isDirectory).toList();
    }
  }

  private static String withoutTimes(Path run) throws IOException {
    return Files.readString(run.resolve("results.json")).replaceAll("\"seconds\" : .*", "");
  }

  private static Map<String, String> zipped(Path zip) throws IOException {
    Map<String, String> files = new HashMap<>();
    try (ZipFile in = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : Collections.list(in.entries())) {
        files.put(entry.getName(), new String(in.getInputStream(entry).readAllBytes(), "UTF-8"));
      }
    }
    return files;
  }
}
