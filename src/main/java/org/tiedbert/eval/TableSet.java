package org.tiedbert.eval;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.commons.csv.CSVException;
import org.tiedbert.eval.Task.DataSet;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;

/**
 * Examples in the rows of a file.
 *
 * @param fileName in the task's folder
 * @param columns their names, or none where the file's first row has them
 * @param inputs a row's texts
 * @param label the column of the label; rows without it have no target
 * @param target a label as a number
 * @param labelled whether every row must have a label; if not, it may be missing or blank
 * @param skipsBroken whether rows with too few or too many cells are passed over
 */
record TableSet(
    String name,
    String fileName,
    List<String> columns,
    Function<Row, List<TextPair>> inputs,
    String label,
    Target target,
    boolean labelled,
    boolean skipsBroken)
    implements DataSet {

  /** A label as a number. */
  @FunctionalInterface
  interface Target {
    /**
     * @throws IllegalArgumentException saying what it must be
     */
    double of(String label);
  }

  /** One row and where it stands. */
  record Row(Path file, long line, Map<String, String> cells) {
    /** What stands in a column that must be there. */
    String cell(String column) {
      String cell = cells.get(column);
      if (cell == null) {
        throw problem("a column '%s' is needed, there is %s".formatted(column, cells.keySet()));
      }
      return cell;
    }

    InputException problem(String what) {
      return new InputException("%s, line %,d: %s".formatted(file, line, what));
    }
  }

  @Override
  public boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(fileName));
  }

  @Override
  public List<Example> read(Path folder) {
    List<Example> examples = new ArrayList<>();
    rows(
        folder.resolve(fileName),
        columns,
        skipsBroken,
        row -> examples.add(example(examples.size(), row)));
    if (examples.isEmpty()) {
      throw new InputException(
          "%s must hold examples, it holds none".formatted(folder.resolve(fileName)));
    }
    return examples;
  }

  private Example example(int index, Row row) {
    return new Example(index, inputs.apply(row), target(row));
  }

  private OptionalDouble target(Row row) {
    if (!labelled && row.cells.getOrDefault(label, "").isBlank()) {
      return OptionalDouble.empty();
    }
    String cell = row.cell(label);
    try {
      return OptionalDouble.of(target.of(cell));
    } catch (IllegalArgumentException e) {
      throw row.problem("the label %s, got '%s'".formatted(e.getMessage(), shortened(cell)));
    }
  }

  /** Reads a file row by row. */
  static void rows(Path file, List<String> columns, boolean skipsBroken, Consumer<Row> each) {
    TableFormat format = TableFormat.of(file.getFileName().toString());
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      skipByteOrderMark(in);
      format.read(
          file,
          in,
          columns,
          (line, cells, problem) -> {
            Row row = new Row(file, line, cells);
            if (problem.isEmpty()) {
              each.accept(row);
            } else if (!skipsBroken) {
              throw row.problem(problem.get());
            }
          });
    } catch (NoSuchFileException e) {
      throw new InputException("there is no file " + file, e);
    } catch (CharacterCodingException e) {
      throw new InputException(file + " is not UTF-8", e);
    } catch (CSVException e) {
      throw new InputException(
          "%s: a cell with quotation marks must begin and end with one, and double those within: %s"
              .formatted(file, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new InputException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  private static void skipByteOrderMark(BufferedReader in) throws IOException {
    in.mark(1);
    if (in.read() != '\uFEFF') {
      in.reset();
    }
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
