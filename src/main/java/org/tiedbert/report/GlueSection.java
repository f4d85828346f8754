package org.tiedbert.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tiedbert.eval.GlueResults;
import org.tiedbert.eval.GlueResults.PointResult;
import org.tiedbert.eval.GlueResults.TaskResult;
import org.tiedbert.eval.GlueTable;
import org.tiedbert.eval.SeedSpread;

/** What a table of GLUE came to: the papers' table, every grid point, and AdvGLUE. */
final class GlueSection implements SectionSource {
  private static final List<String> GRID_HEADER =
      List.of(
          "Task",
          "Learning rate",
          "Batch size",
          "Weight decay",
          "Seeds",
          "Median",
          "Deviation",
          "Lowest",
          "Highest");

  /**
   * A table.
   *
   * @param title empty for the first one, which the section's own title serves
   * @param columns names of all columns but the first
   */
  record Sheet(String title, String corner, List<String> columns, List<Row> rows) {}

  record Row(String name, List<String> cells) {}

  record Model(String method, List<Fact> tiles, List<Sheet> sheets, List<String> remarks) {}

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.kind() != RunKind.GLUE) {
      return Optional.empty();
    }
    List<Sheet> sheets = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    run.glue()
        .ifPresent(
            results -> {
              GlueTable table = new GlueTable(results);
              sheets.add(sheet("", table.header(), table.rows()));
              remarks.addAll(table.notes());
            });
    run.adversarial()
        .ifPresent(
            results -> {
              sheets.add(sheet("AdvGLUE", results.header(), results.table()));
              remarks.addAll(results.notes());
            });
    run.glue()
        .ifPresent(results -> sheets.add(sheet("Every grid point", GRID_HEADER, grid(results))));
    Model model = new Model(method(run.settings()), tiles(run), sheets, remarks);
    return Optional.of(new Section("summary", "Summary", "glue", model));
  }

  private static Sheet sheet(String title, List<String> header, List<List<String>> rows) {
    return new Sheet(
        title,
        header.get(0),
        header.subList(1, header.size()),
        rows.stream()
            .map(row -> new Row(withoutDash(row.get(0)), row.subList(1, row.size())))
            .toList());
  }

  /** What stands for an indent where a table is plain text. */
  private static String withoutDash(String name) {
    return name.startsWith("- ") ? name.substring(2) : name;
  }

  private static List<List<String>> grid(GlueResults results) {
    List<List<String>> rows = new ArrayList<>();
    for (TaskResult task : results.tasks()) {
      for (PointResult point : task.points()) {
        SeedSpread score = point.score();
        rows.add(
            List.of(
                task.task(),
                point.point().rateInWords(),
                Integer.toString(point.point().batchSize()),
                point.point().decayInWords(),
                Integer.toString(score.numSeeds()),
                percent(score.median()),
                percent(score.standardDeviation()),
                percent(score.min()),
                percent(score.max())));
      }
    }
    return rows;
  }

  private static String percent(Double score) {
    return score == null ? "" : Numbers.decimal(100 * score, 1);
  }

  private static List<Fact> tiles(RunContents run) {
    List<Fact> tiles = new ArrayList<>();
    run.glue()
        .ifPresent(
            results -> {
              String over = "over " + Numbers.of(results.averaged().size(), "task");
              if (results.average() != null) {
                tiles.add(new Fact("Average", percent(results.average()), over));
              }
              String cells = "of %s".formatted(Numbers.count(results.numCells()));
              tiles.add(new Fact("Cells done", Numbers.count(results.numDone()), cells));
              double seconds =
                  results.tasks().stream()
                      .flatMap(task -> task.points().stream())
                      .flatMap(point -> point.seeds().stream())
                      .mapToDouble(GlueResults.SeedResult::seconds)
                      .sum();
              tiles.add(new Fact("Time", Numbers.duration(seconds), "in cells"));
            });
    return tiles;
  }

  private static String method(Settings settings) {
    String from = settings.text("init").map(" from %s"::formatted).orElse("");
    return "Fine-tuned%s at every point of a grid: learning rates %s; batches of %s; weight decay %s; %s epochs; seeds %s."
        .formatted(
            from,
            settings.text("grid.learningRates").orElse("unknown"),
            settings.text("grid.batchSizes").orElse("unknown"),
            settings.text("grid.weightDecays").orElse("unknown"),
            settings.text("epochs").orElse("unknown"),
            settings.text("seeds").orElse("unknown"));
  }
}
