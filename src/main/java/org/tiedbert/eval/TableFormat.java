package org.tiedbert.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.base.Splitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.tiedbert.text.InputException;

/** How a file's rows are written. */
enum TableFormat {
  /** Cells between tabs, and a quotation mark is a character like any other: GLUE's files. */
  TSV {
    @Override
    void read(Path file, Reader in, List<String> columns, RowConsumer each) throws IOException {
      BufferedReader lines = new BufferedReader(in);
      List<String> names = columns;
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        List<String> cells = Splitter.on('\t').splitToList(line);
        if (names.isEmpty()) {
          names = header(file, cells);
        } else if (!line.isEmpty()) {
          each.accept(number, named(names, cells), problem(names, cells));
        }
      }
    }
  },
  /** Cells between commas, with quotation marks where needed (RFC 4180). */
  CSV {
    @Override
    void read(Path file, Reader in, List<String> columns, RowConsumer each) throws IOException {
      try (CSVParser parser = CSVParser.parse(in, CSVFormat.RFC4180)) {
        List<String> names = columns;
        long number = 1;
        for (CSVRecord row : parser) {
          List<String> cells = row.toList();
          if (names.isEmpty()) {
            names = header(file, cells);
          } else if (cells.size() > 1 || !cells.get(0).isEmpty()) {
            each.accept(number, named(names, cells), problem(names, cells));
          }
          number = parser.getCurrentLineNumber() + 1; // a row may have several lines
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  },
  /** An object a line; its keys are the columns. */
  JSON_LINES {
    @Override
    void read(Path file, Reader in, List<String> columns, RowConsumer each) throws IOException {
      BufferedReader lines = new BufferedReader(in);
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          Optional<Map<String, String>> cells = object(line);
          each.accept(
              number,
              cells.orElse(Map.of()),
              cells.isPresent() ? Optional.empty() : Optional.of(noObject(line)));
        }
      }
    }
  };

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Takes a row. */
  @FunctionalInterface
  interface RowConsumer {
    /**
     * @param line its number in the file, from 1
     * @param cells by column
     * @param problem why it is no row, if it is none
     */
    void accept(long line, Map<String, String> cells, Optional<String> problem);
  }

  /**
   * @param file named by errors
   * @param in after a byte order mark
   * @param columns their names, or none where the first row has them
   */
  abstract void read(Path file, Reader in, List<String> columns, RowConsumer each)
      throws IOException;

  /** By the end of a file's name. */
  static TableFormat of(String fileName) {
    if (fileName.endsWith(".csv")) {
      return CSV;
    }
    return fileName.endsWith(".jsonl") || fileName.endsWith(".json") ? JSON_LINES : TSV;
  }

  private static List<String> header(Path file, List<String> cells) {
    Set<String> names = new HashSet<>();
    for (String name : cells) {
      if (!name.isBlank() && !names.add(name)) {
        throw new InputException(
            "%s, line 1: a column's name must be there once, '%s' is there twice"
                .formatted(file, name));
      }
    }
    return cells;
  }

  private static Optional<String> problem(List<String> names, List<String> cells) {
    return names.size() == cells.size()
        ? Optional.empty()
        : Optional.of(
            "a row needs a cell for each of the %d columns %s, this one has %d"
                .formatted(names.size(), names, cells.size()));
  }

  private static Map<String, String> named(List<String> names, List<String> cells) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(names.size(), cells.size()); i++) {
      row.put(names.get(i), cells.get(i));
    }
    return row;
  }

  private static String noObject(String line) {
    return "a JSON object is needed, each key once, got '%s'"
        .formatted(line.length() <= 40 ? line : line.substring(0, 40) + "…");
  }

  /** A row's texts, numbers and truth values by key; empty for what is no object. */
  private static Optional<Map<String, String>> object(String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      Map<String, String> cells = new LinkedHashMap<>();
      node.properties().stream()
          .filter(entry -> entry.getValue().isValueNode() && !entry.getValue().isNull())
          .forEach(entry -> cells.put(entry.getKey(), entry.getValue().asText()));
      return node.isObject() ? Optional.of(cells) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
