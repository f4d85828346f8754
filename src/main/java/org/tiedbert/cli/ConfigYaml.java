package org.tiedbert.cli;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.tiedbert.cli.ConfigNode.Origin;

/** YAML text into a tree that remembers lines. Aliases are refused, and names that come twice. */
final class ConfigYaml {
  private static final YAMLFactory YAML = new YAMLFactory();

  private final YAMLParser parser;
  private final IntFunction<Origin> originOfLine;

  private ConfigYaml(YAMLParser parser, IntFunction<Origin> originOfLine) {
    this.parser = parser;
    this.originOfLine = originOfLine;
  }

  /**
   * @param originOfLine what to say of a line, counted from 1; 0 for the whole
   * @return {@link ConfigNode.Nothing} for an empty text
   * @throws ConfigException if the text is no YAML
   */
  static ConfigNode parse(String text, IntFunction<Origin> originOfLine) {
    try (YAMLParser parser = YAML.createParser(text)) {
      ConfigYaml yaml = new ConfigYaml(parser, originOfLine);
      if (parser.nextToken() == null) {
        return new ConfigNode.Nothing(originOfLine.apply(0));
      }
      ConfigNode node = yaml.node();
      if (parser.nextToken() != null) {
        throw yaml.refusal("expected one YAML document, here a second one starts");
      }
      return node;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw refusal("not YAML: " + reason(e), originOfLine.apply(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a String has no input or output to fail
    }
  }

  private ConfigNode node() throws IOException {
    Origin origin = origin();
    if (parser.isCurrentAlias()) {
      throw refusal(
          "aliases (*%s) are not understood, write the value".formatted(parser.getText()));
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(origin);
      case START_ARRAY -> sequence(origin);
      case VALUE_NULL -> new ConfigNode.Nothing(origin);
      default -> new ConfigNode.Scalar(parser.getText(), origin);
    };
  }

  private ConfigNode mapping(Origin origin) throws IOException {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      Origin nameOrigin = origin();
      parser.nextToken();
      ConfigNode earlier = entries.put(name, node().startingAt(nameOrigin));
      if (earlier != null) {
        throw refusal(
            "'%s' is set twice, first on line %d".formatted(name, earlier.origin().line()),
            nameOrigin);
      }
    }
    return new ConfigNode.Mapping(entries, origin);
  }

  private ConfigNode sequence(Origin origin) throws IOException {
    List<ConfigNode> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(node());
    }
    return new ConfigNode.Sequence(elements, origin);
  }

  private Origin origin() {
    return originOfLine.apply(parser.currentTokenLocation().getLineNr());
  }

  private ConfigException refusal(String message) {
    return refusal(message, origin());
  }

  static ConfigException refusal(String message, Origin origin) {
    return new ConfigException(
        origin.source(), List.of(new ConfigException.Problem("", message, origin.toString())));
  }

  /** SnakeYAML's own sentence, without the excerpt around it. */
  private static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage().replaceFirst(", got this instead: <.*", "");
    if (e instanceof JsonParseException && !message.contains("\n in 'reader'")) {
      return message.lines().findFirst().orElse(message);
    }
    return message
        .lines()
        .filter(line -> !line.startsWith(" "))
        .reduce((first, second) -> first + ", " + second)
        .orElse(message);
  }
}
