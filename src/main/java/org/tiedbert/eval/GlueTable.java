package org.tiedbert.eval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.tiedbert.eval.GlueData.MissingTask;
import org.tiedbert.eval.GlueResults.PointResult;
import org.tiedbert.eval.GlueResults.SeedResult;
import org.tiedbert.eval.GlueResults.TaskResult;

/**
 * Results as papers show them: tasks as columns, in percent, the best grid point of each; the
 * papers' own rows below. A cell is empty where nothing is known.
 */
public final class GlueTable {
  private static final String AVERAGE = "average";
  private static final String SWAG = "SWAG";

  private final GlueResults results;
  private final List<String> columns;

  public GlueTable(GlueResults results) {
    this.results = results;
    this.columns = new ArrayList<>(GlueResults.EIGHT);
    columns.add(AVERAGE);
    if (results.tasks().stream().anyMatch(task -> task.task().equals("WNLI"))) {
      columns.add("WNLI");
    }
    columns.add(SWAG);
  }

  /** Names of the columns; the first one, of the rows' names, has none. */
  public List<String> header() {
    List<String> header = new ArrayList<>(List.of(""));
    columns.forEach(column -> header.add(column.equals("MNLI") ? "MNLI-m/mm" : column));
    return header;
  }

  /** All rows, each as long as the header. */
  public List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    List<String> median = row("this run, median of " + seeds(), GlueTable::median);
    median.set(1 + columns.indexOf(AVERAGE), percentOrNothing(results.average()));
    rows.add(median);
    rows.add(
        row("- standard deviation", best -> percentOrNothing(best.score().standardDeviation())));
    rows.add(row("- lowest", best -> percentOrNothing(best.score().min())));
    rows.add(row("- highest", best -> percentOrNothing(best.score().max())));
    rows.add(row("- learning rate", best -> best.point().rateInWords()));
    rows.add(row("- batch size", best -> Integer.toString(best.point().batchSize())));
    rows.add(row("- weight decay", best -> best.point().decayInWords()));
    PublishedRow.ALL.forEach(row -> rows.add(published(row)));
    return rows;
  }

  private String seeds() {
    List<Integer> numbers =
        results.tasks().stream()
            .filter(task -> task.best() != null)
            .map(task -> task.best().score().numSeeds())
            .distinct()
            .sorted()
            .toList();
    if (numbers.isEmpty()) {
      return "seeds";
    }
    int least = numbers.get(0);
    int most = numbers.get(numbers.size() - 1);
    String range = least == most ? "" + most : "%d to %d".formatted(least, most);
    return range + (most == 1 ? " seed" : " seeds");
  }

  private List<String> row(String name, Function<PointResult, String> cell) {
    List<String> row = new ArrayList<>(List.of(name));
    for (String column : columns) {
      row.add(
          results.tasks().stream()
              .filter(task -> task.task().equals(column) && task.best() != null)
              .map(task -> cell.apply(task.best()))
              .findFirst()
              .orElse(""));
    }
    return row;
  }

  /** Of each development set where there are several, such as {@code 84.1/84.5}. */
  private static String median(PointResult best) {
    return best.dataSets().stream()
        .map(set -> percentOrNothing(set.score().median()))
        .collect(Collectors.joining("/"));
  }

  private List<String> published(PublishedRow published) {
    List<String> row = row(published.name(), best -> "");
    row.set(1 + columns.indexOf(AVERAGE), percent(published.average() / 100));
    row.set(
        1 + columns.indexOf(SWAG), published.swag() == null ? "" : percent(published.swag() / 100));
    return row;
  }

  /** What has to be said of the table, a sentence each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!results.areComplete()) {
      notes.add(
          "Not finished: %,d of %,d cells are done."
              .formatted(results.numDone(), results.numCells()));
    }
    int numAveraged = results.averaged().size();
    if (numAveraged < GlueResults.EIGHT.size()) {
      notes.add(
          "The average of this run is over %d of GLUE's 8 tasks%s; it is not to be held against the"
                  .formatted(
                      numAveraged,
                      numAveraged == 0 ? "" : " (" + String.join(", ", results.averaged()) + ")")
              + " papers', which are over all 8.");
    }
    for (MissingTask missing : results.missing()) {
      notes.add("%s is left out: %s.".formatted(missing.task(), missing.reason()));
    }
    results.tasks().forEach(task -> addSeedsWithoutScore(task, notes));
    notes.add(
        "Scores are those of the development sets, by which grid point and epoch were chosen:"
            + " Matthews' correlation for CoLA, the mean of F1 and accuracy for MRPC and QQP, of"
            + " Pearson's and Spearman's for STS-B, else accuracy. In the average MNLI counts"
            + " once.");
    notes.add("The papers' rows are as published; their cells are empty where no figure is known.");
    return notes;
  }

  private static void addSeedsWithoutScore(TaskResult task, List<String> notes) {
    for (PointResult point : task.points()) {
      for (SeedResult seed : point.seeds()) {
        if (seed.score() == null) {
          notes.add(
              "%s has no score and counts as the lowest: %s."
                  .formatted(
                      new GlueCell(task.task(), point.point(), seed.seed()).inWords(),
                      reason(seed)));
        }
      }
    }
  }

  private static String reason(SeedResult seed) {
    return seed.problem() != null
        ? seed.problem()
        : seed.dataSets().stream()
            .flatMap(set -> set.undefined().entrySet().stream())
            .map(metric -> "no %s, since %s".formatted(metric.getKey(), metric.getValue()))
            .distinct()
            .collect(Collectors.joining(", "));
  }

  /** Table and notes in GitHub's Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder(markdown(header()));
    text.append("|---|").append("---:|".repeat(columns.size())).append('\n');
    rows().forEach(row -> text.append(markdown(row)));
    text.append('\n');
    notes().forEach(note -> text.append("- ").append(note).append('\n'));
    return text.toString();
  }

  private static String markdown(List<String> row) {
    return row.stream()
        .map(cell -> cell.startsWith("- ") ? cell.substring(2) : cell)
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** The table, comma-separated. */
  public String csv() {
    StringBuilder text = new StringBuilder();
    CSVFormat format = CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();
    try (CSVPrinter printer = new CSVPrinter(text, format)) {
      printer.printRecord(header());
      printer.printRecords(rows());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // text in memory has no output to fail
    }
    return text.toString();
  }

  private static String percentOrNothing(Double score) {
    return score == null ? "" : percent(score);
  }

  /** A score as papers write it: times a hundred, one digit behind the point. */
  static String percent(double score) {
    return String.format(Locale.ROOT, "%.1f", 100 * score);
  }
}
