package org.tiedbert.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The {@code text} field of one line of a {@code .jsonl} file. */
final class JsonLine {
  private static final JsonFactory JSON = new JsonFactory();

  private JsonLine() {}

  /** The text of the line that {@code lines} returned last; the line's number is in every error. */
  static String text(String line, LineReader lines) {
    try (JsonParser parser = JSON.createParser(line)) {
      return requireEncodable(readText(parser, lines), lines);
    } catch (JsonProcessingException e) {
      throw lines.invalid("not a JSON object: %s", e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String readText(JsonParser parser, LineReader lines) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw lines.invalid("expected a JSON object with a string field \"text\"");
    }
    String text = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean isText = parser.currentName().equals("text");
      JsonToken value = parser.nextToken();
      if (!isText) {
        parser.skipChildren();
      } else if (value != JsonToken.VALUE_STRING || text != null) {
        throw lines.invalid("expected one string field \"text\", got %s", value);
      } else {
        text = parser.getText();
      }
    }
    if (text == null) {
      throw lines.invalid("the object has no field \"text\"");
    }
    if (parser.nextToken() != null) {
      throw lines.invalid("more than one JSON value on a line");
    }
    return text;
  }

  private static String requireEncodable(String text, LineReader lines) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw lines.invalid("\"text\" holds half of a surrogate pair, which is no character");
    }
    return text;
  }
}
