package org.tiedbert.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** How a file's rows are written. */
enum TableFormat {
  /** Cells between tabs, and a quotation mark is a character like any other: GLUE's files. */
  TSV {
    @Override
    void read(Reader in, List<String> columns, RowConsumer each) throws IOException {
      BufferedReader lines = new BufferedReader(in);
      List<String> names = columns;
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        List<String> cells = Splitter.on('\t').splitToList(line);
        if (names.isEmpty()) {
          names = withoutByteOrderMark(cells);
        } else if (!line.isEmpty()) {
          each.accept(number, named(names, cells), cells.size() >= names.size());
        }
      }
    }
  },
  /** Cells between commas, with quotation marks where needed (RFC 4180). */
  CSV {
    @Override
    void read(Reader in, List<String> columns, RowConsumer each) throws IOException {
      try (CSVParser parser = CSVParser.parse(in, CSVFormat.RFC4180)) {
        List<String> names = columns;
        for (CSVRecord row : parser) {
          List<String> cells = row.toList();
          if (names.isEmpty()) {
            names = withoutByteOrderMark(cells);
          } else if (cells.size() > 1 || !cells.get(0).isEmpty()) {
            each.accept(
                parser.getCurrentLineNumber(), named(names, cells), cells.size() == names.size());
          }
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  },
  /** An object a line; its keys are the columns. */
  JSON_LINES {
    @Override
    void read(Reader in, List<String> columns, RowConsumer each) throws IOException {
      BufferedReader lines = new BufferedReader(in);
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          Map<String, String> cells = object(line);
          each.accept(number, cells, !cells.isEmpty());
        }
      }
    }
  };

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Takes a row. */
  @FunctionalInterface
  interface RowConsumer {
    /**
     * @param line its number in the file, from 1
     * @param cells by column
     * @param whole whether it has as many cells as there are columns
     */
    void accept(long line, Map<String, String> cells, boolean whole);
  }

  /**
   * @param columns their names, or none where the first row has them
   */
  abstract void read(Reader in, List<String> columns, RowConsumer each) throws IOException;

  /** By the end of a file's name. */
  static TableFormat of(String fileName) {
    if (fileName.endsWith(".csv")) {
      return CSV;
    }
    return fileName.endsWith(".jsonl") || fileName.endsWith(".json") ? JSON_LINES : TSV;
  }

  private static List<String> withoutByteOrderMark(List<String> cells) {
    List<String> names = new ArrayList<>(cells);
    names.set(0, names.get(0).replace("\uFEFF", ""));
    return names;
  }

  private static Map<String, String> named(List<String> names, List<String> cells) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(names.size(), cells.size()); i++) {
      row.put(names.get(i), cells.get(i));
    }
    return row;
  }

  /** Empty for what is no object. */
  private static Map<String, String> object(String line) {
    Map<String, String> cells = new LinkedHashMap<>();
    try {
      JsonNode node = MAPPER.readTree(line);
      node.properties().stream()
          .filter(entry -> entry.getValue().isValueNode() && !entry.getValue().isNull())
          .forEach(entry -> cells.put(entry.getKey(), entry.getValue().asText()));
    } catch (JsonProcessingException e) {
      return Map.of();
    }
    return cells;
  }
}
