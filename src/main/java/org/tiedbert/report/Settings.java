package org.tiedbert.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Settings by their path, such as {@code noise.views[1].rate}, as text and in the order of the
 * file. Lists of plain values are one setting; a value that is not set is empty text.
 */
record Settings(Map<String, String> byPath) {
  private static final String KIND = ".kind";

  /**
   * Leaves values as they are written: {@code off} is a word here, and numbers keep their digits.
   */
  private static final ObjectMapper YAML =
      new ObjectMapper(
              YAMLFactory.builder()
                  .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  Settings {
    byPath = Collections.unmodifiableMap(new LinkedHashMap<>(byPath));
  }

  static Settings none() {
    return new Settings(Map.of());
  }

  /**
   * @throws JsonProcessingException if the text is no YAML
   */
  static Settings parse(String yaml) throws JsonProcessingException {
    Map<String, String> byPath = new LinkedHashMap<>();
    JsonNode root = yaml.isBlank() ? null : YAML.readTree(yaml);
    if (root != null) {
      collect("", root, byPath);
    }
    byPath.remove("");
    return new Settings(byPath);
  }

  private static void collect(String path, JsonNode node, Map<String, String> into) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  collect(
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      entry.getValue(),
                      into));
    } else if (node.isArray() && !isPlain(node)) {
      for (int i = 0; i < node.size(); i++) {
        collect("%s[%d]".formatted(path, i), node.get(i), into);
      }
    } else if (node.isArray()) {
      List<String> values = new ArrayList<>();
      node.forEach(value -> values.add(text(value)));
      into.put(path, String.join(", ", values));
    } else {
      into.put(path, text(node));
    }
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText();
  }

  private static boolean isPlain(JsonNode array) {
    for (JsonNode element : array) {
      if (element.isContainerNode()) {
        return false;
      }
    }
    return true;
  }

  boolean isEmpty() {
    return byPath.isEmpty();
  }

  /** Empty where the setting is missing or not set. */
  Optional<String> text(String path) {
    return Optional.ofNullable(byPath.get(path)).filter(text -> !text.isEmpty());
  }

  OptionalDouble number(String path) {
    Optional<BigDecimal> number = text(path).flatMap(Settings::decimal);
    return number.isPresent()
        ? OptionalDouble.of(number.get().doubleValue())
        : OptionalDouble.empty();
  }

  /** The numbers of a list; empty if one of its values is none. */
  List<Long> longs(String path) {
    List<Long> numbers = new ArrayList<>();
    for (String value : text(path).orElse("").split(", ")) {
      Optional<BigDecimal> number = decimal(value);
      if (number.isEmpty()) {
        return List.of();
      }
      numbers.add(number.get().longValue());
    }
    return numbers;
  }

  /** The number of elements of a list of settings. */
  int size(String path) {
    int size = 0;
    while (hasBelow("%s[%d]".formatted(path, size))) {
      size++;
    }
    return size;
  }

  private boolean hasBelow(String path) {
    return byPath.keySet().stream().anyMatch(key -> key.startsWith(path));
  }

  /** Whether a setting has the value that it has by default, however the number is written. */
  boolean isDefault(String path, Settings defaults) {
    String value = byPath.get(path);
    String expected = defaults.byPath.get(path);
    if (expected == null && path.endsWith(KIND)) { // a variant may be named by its kind alone
      expected = defaults.byPath.get(path.substring(0, path.length() - KIND.length()));
    }
    if (expected == null) {
      return value.isEmpty();
    }
    Optional<BigDecimal> number = decimal(value);
    Optional<BigDecimal> expectedNumber = decimal(expected);
    return number.isPresent() && expectedNumber.isPresent()
        ? number.get().compareTo(expectedNumber.get()) == 0
        : value.equalsIgnoreCase(expected);
  }

  private static Optional<BigDecimal> decimal(String text) {
    try {
      return Optional.of(new BigDecimal(text.replace("_", "")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
