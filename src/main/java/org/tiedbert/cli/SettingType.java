package org.tiedbert.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Types of settings that one word or number is enough for, each from text and back into YAML.
 *
 * @param expectation what the text must be, for messages
 * @param parse null or an IllegalArgumentException where the text is not that
 */
record SettingType<T>(String expectation, Function<String, T> parse, Function<T, JsonNode> write) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?");

  private static final SettingType<Integer> INT =
      new SettingType<>("a whole number", text -> Integer.valueOf(digits(text)), JSON::numberNode);
  private static final SettingType<Long> LONG =
      new SettingType<>("a whole number", text -> Long.valueOf(digits(text)), JSON::numberNode);
  private static final SettingType<Double> DOUBLE =
      new SettingType<>("a number", SettingType::number, SettingType::plainNumber);
  private static final SettingType<Boolean> BOOLEAN =
      new SettingType<>("true or false", SettingType::truth, JSON::booleanNode);

  private static final Map<Class<?>, SettingType<?>> BY_CLASS =
      Map.of(
          int.class, INT,
          Integer.class, INT,
          long.class, LONG,
          Long.class, LONG,
          double.class, DOUBLE,
          Double.class, DOUBLE,
          boolean.class, BOOLEAN,
          String.class, new SettingType<String>("a text", text -> text, JSON::textNode),
          Path.class, new SettingType<>("a path", SettingType::path, SettingType::textNode),
          Duration.class,
              new SettingType<>(
                  "a duration such as 90s, 30m, 1h30m or PT30M",
                  SettingType::duration,
                  SettingType::textNode));

  /** The type of a class, or null if it takes more than one word to say. */
  static SettingType<?> of(Class<?> type) {
    return type.isEnum() ? choice(type) : BY_CLASS.get(type);
  }

  private static SettingType<?> choice(Class<?> type) {
    List<Enum<?>> constants =
        Arrays.stream(type.getEnumConstants()).<Enum<?>>map(c -> (Enum<?>) c).toList();
    String choices = constants.stream().map(Spelling::ofConstant).collect(Collectors.joining(", "));
    return new SettingType<Enum<?>>(
        "one of " + choices,
        text ->
            constants.stream().filter(c -> Spelling.same(text, c.name())).findAny().orElse(null),
        constant -> JSON.textNode(Spelling.ofConstant(constant)));
  }

  /** The value, or null where the text is not what is expected. */
  T parseOrNull(String text) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @SuppressWarnings("unchecked") // types are looked up by the class of their values
  JsonNode json(Object value) {
    return write.apply((T) value);
  }

  /** 1_000_000 is a number in YAML. */
  private static String digits(String text) {
    return text.replaceAll("(?<=\\d)_(?=\\d)", "");
  }

  private static Double number(String text) {
    String digits = digits(text);
    Double value = NUMBER.matcher(digits).matches() ? Double.valueOf(digits) : null;
    return value == null || value.isInfinite() ? null : value;
  }

  private static JsonNode plainNumber(double value) {
    return JSON.numberNode(BigDecimal.valueOf(value).stripTrailingZeros());
  }

  private static Boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  private static Path path(String text) {
    try {
      return text.isBlank() ? null : Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static Duration duration(String text) {
    try {
      boolean isShort = !text.isEmpty() && DURATION.matcher(text).matches();
      String days = text.contains("d") ? text.replaceFirst("d", "dt") : "t" + text;
      String iso = isShort ? ("p" + days).replaceFirst("t$", "") : text;
      return Duration.parse(iso);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static JsonNode textNode(Object value) {
    return JSON.textNode(value.toString());
  }
}
