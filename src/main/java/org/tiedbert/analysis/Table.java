package org.tiedbert.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/**
 * The numbers of a figure, to be written as CSV (RFC 4180, but lines end as on Unix).
 *
 * @param header the columns' names
 * @param rows a text, a {@code Long}, an {@code Integer} or a {@code Double} for each column; a
 *     double is printed with as many digits as it takes to read it back, and what is no finite
 *     number is an empty cell
 */
public record Table(List<String> header, List<List<Object>> rows) {
  public Table {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<Object> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "a row needs a value for each of %s, got %s".formatted(header, row));
      }
    }
  }

  /** Collects rows. */
  public static Builder of(String... header) {
    return new Builder(header);
  }

  /** A table that grows. */
  public static final class Builder {
    private final List<String> header;
    private final List<List<Object>> rows = new ArrayList<>();

    private Builder(String... header) {
      this.header = List.of(header);
    }

    public Builder row(Object... values) {
      rows.add(Arrays.asList(values));
      return this;
    }

    public Table build() {
      return new Table(header, rows);
    }
  }

  /**
   * Writes {@code NAME.csv}, whole or not at all, over one of before.
   *
   * @param folder made if it does not exist
   * @return the file
   * @throws InputException if it cannot be written
   */
  public Path write(Path folder, String name) {
    Path file = folder.resolve(name + ".csv");
    try {
      WholeFile.makeFolder(folder);
      WholeFile.write(file, csv().getBytes(UTF_8));
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
    return file;
  }

  public String csv() {
    StringBuilder csv = new StringBuilder();
    try (CSVPrinter printer =
        new CSVPrinter(csv, CSVFormat.RFC4180.builder().setRecordSeparator('\n').get())) {
      printer.printRecord(header);
      for (List<Object> row : rows) {
        printer.printRecord(row.stream().map(Table::cell).toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return csv.toString();
  }

  private static Object cell(Object value) {
    return value instanceof Double number && !Double.isFinite(number) ? "" : value;
  }
}
