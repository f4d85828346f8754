package org.tiedbert.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.eval.FineTuningResult.DataSetResult;
import org.tiedbert.eval.GlueData.MissingTask;

/**
 * What came of all cells so far; the contents of {@code results.json}. Scores lie in [−1, 1].
 *
 * @param tasks those that there is data for
 * @param missing those that there is none for
 * @param numCells of all tasks that there is data for
 * @param numDone of them
 * @param average mean over the tasks of GLUE's eight that have a score, of the best grid point's
 *     median; MNLI counts once; null where none has
 * @param averaged the tasks in the average
 */
public record GlueResults(
    List<TaskResult> tasks,
    List<MissingTask> missing,
    int numCells,
    int numDone,
    Double average,
    List<String> averaged) {
  /** The tasks that papers take the average over: GLUE's without WNLI. */
  public static final List<String> EIGHT =
      List.of("CoLA", "SST-2", "MRPC", "QQP", "STS-B", "MNLI", "QNLI", "RTE");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public GlueResults {
    tasks = List.copyOf(tasks);
    missing = List.copyOf(missing);
    averaged = List.copyOf(averaged);
  }

  /**
   * One task.
   *
   * @param points those with a seed at least, in the grid's order
   * @param best the one whose median is highest, the first of equals; null where none has one
   * @param model the kept one, that of the highest score of all cells; null where there is none
   */
  public record TaskResult(
      String task, List<PointResult> points, PointResult best, KeptModel model) {
    public TaskResult {
      points = List.copyOf(points);
    }
  }

  /**
   * A fine-tuned model that was kept.
   *
   * @param path of its run, below the table's
   * @param score its own, not a median
   */
  public record KeptModel(GlueCell cell, String path, double score, List<DataSetResult> dataSets) {
    public KeptModel {
      dataSets = List.copyOf(dataSets);
    }
  }

  /**
   * One grid point over its seeds.
   *
   * @param score of the task: the mean over its development sets and their metrics
   */
  public record PointResult(
      GridPoint point, SeedSpread score, List<DataSetSpread> dataSets, List<SeedResult> seeds) {
    public PointResult {
      dataSets = List.copyOf(dataSets);
      seeds = List.copyOf(seeds);
    }
  }

  /**
   * One development set over the seeds.
   *
   * @param score the mean of the metrics
   */
  public record DataSetSpread(String name, SeedSpread score, Map<String, SeedSpread> metrics) {}

  /**
   * One cell.
   *
   * @param score null where there is none
   * @param problem why it has no result at all, or null
   */
  public record SeedResult(
      long seed,
      Double score,
      List<DataSetResult> dataSets,
      long bestStep,
      double seconds,
      String problem) {
    public SeedResult {
      dataSets = List.copyOf(dataSets);
    }

    static SeedResult of(CellResult cell) {
      FineTuningResult result = cell.result();
      return result == null
          ? new SeedResult(cell.cell().seed(), null, List.of(), 0, 0, cell.problem())
          : new SeedResult(
              cell.cell().seed(),
              result.score(),
              result.dataSets(),
              result.bestStep(),
              result.seconds(),
              cell.problem());
    }
  }

  /** Whether every cell is done. */
  public boolean areComplete() {
    return numDone == numCells;
  }

  static GlueResults of(GlueConfig config, GlueData data, GlueCells cells) {
    List<TaskResult> tasks = new ArrayList<>();
    int numDone = 0;
    for (String task : data.names()) {
      List<CellResult> done = cells.done(config.cells(List.of(task)));
      numDone += done.size();
      tasks.add(task(task, config.grid().points(), done, cells));
    }
    List<TaskResult> averaged =
        tasks.stream().filter(task -> EIGHT.contains(task.task) && task.best != null).toList();
    OptionalDouble average =
        averaged.stream().mapToDouble(task -> task.best.score.median()).average();
    return new GlueResults(
        tasks,
        data.missing(),
        config.cells(data.names()).size(),
        numDone,
        average.isPresent() ? average.getAsDouble() : null,
        averaged.stream().map(TaskResult::task).toList());
  }

  private static TaskResult task(
      String name, List<GridPoint> grid, List<CellResult> done, GlueCells cells) {
    List<PointResult> points = new ArrayList<>();
    PointResult best = null;
    for (GridPoint point : grid) {
      List<CellResult> seeds =
          done.stream().filter(cell -> cell.cell().point().equals(point)).toList();
      if (!seeds.isEmpty()) {
        PointResult result = point(point, seeds);
        points.add(result);
        best = isBetter(result, best) ? result : best;
      }
    }
    KeptModel model = GlueCells.best(done).map(cells::kept).orElse(null);
    return new TaskResult(name, points, best, model);
  }

  private static boolean isBetter(PointResult point, PointResult best) {
    Double median = point.score.median();
    return median != null && (best == null || median > best.score.median());
  }

  private static PointResult point(GridPoint point, List<CellResult> seeds) {
    Set<String> names = new LinkedHashSet<>();
    seeds.stream()
        .map(CellResult::result)
        .filter(Objects::nonNull)
        .forEach(result -> result.dataSets().forEach(set -> names.add(set.name())));
    return new PointResult(
        point,
        SeedSpread.of(seeds.stream().map(CellResult::score).toList()),
        names.stream().map(name -> dataSet(name, seeds)).toList(),
        seeds.stream().map(SeedResult::of).toList());
  }

  private static DataSetSpread dataSet(String name, List<CellResult> seeds) {
    List<DataSetResult> sets = seeds.stream().map(cell -> dataSet(name, cell)).toList();
    Set<String> metrics = new LinkedHashSet<>();
    sets.forEach(set -> metrics.addAll(set.metrics().keySet()));
    sets.forEach(set -> metrics.addAll(set.undefined().keySet()));
    Map<String, SeedSpread> spreads = new LinkedHashMap<>();
    for (String metric : metrics) {
      spreads.put(
          metric, SeedSpread.of(sets.stream().map(set -> value(set.metrics(), metric)).toList()));
    }
    return new DataSetSpread(
        name, SeedSpread.of(sets.stream().map(GlueResults::score).toList()), spreads);
  }

  private static DataSetResult dataSet(String name, CellResult cell) {
    return SeedResult.of(cell).dataSets().stream()
        .filter(set -> set.name().equals(name))
        .findFirst()
        .orElseGet(() -> new DataSetResult(name, Map.of(), Map.of()));
  }

  private static OptionalDouble value(Map<String, Double> metrics, String metric) {
    Double value = metrics.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static OptionalDouble score(DataSetResult set) {
    return set.undefined().isEmpty()
        ? set.metrics().values().stream().mapToDouble(Double::doubleValue).average()
        : OptionalDouble.empty();
  }

  byte[] bytes() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and strings have a JSON form", e);
    }
  }

  /**
   * Reads the file.
   *
   * @throws CheckpointException if it is not there or damaged
   */
  public static GlueResults read(Path file) {
    try {
      return MAPPER.readValue(Files.readAllBytes(file), GlueResults.class);
    } catch (IOException e) {
      throw new CheckpointException(
          "%s must hold what came of a table of GLUE: %s"
              .formatted(file, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }
}
