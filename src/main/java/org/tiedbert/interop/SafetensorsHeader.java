package org.tiedbert.interop;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tiedbert.text.FileProblem;

/**
 * The JSON header of a safetensors file: for each tensor {@code {"dtype": "F32", "shape": [2, 3],
 * "data_offsets": [0, 24]}}, and strings under {@code __metadata__}. The offsets count from the end
 * of the header. As in the reference implementation tensors follow one another without a gap, and
 * the last one ends the file.
 */
final class SafetensorsHeader {
  static final String METADATA = "__metadata__";

  private static final int MAX_DIMENSIONS = 8;

  /**
   * A tensor.
   *
   * @param begin offset of its first byte
   * @param end offset behind its last byte
   */
  record Entry(ElementType type, long[] shape, long begin, long end) {
    long numElements() {
      return (end - begin) / type.numBytes();
    }
  }

  private final String file;
  private final TreeMap<String, Entry> entries = new TreeMap<>();

  private SafetensorsHeader(String file) {
    this.file = file;
  }

  /**
   * @param file what messages call it
   * @param dataBytes of the file, behind the header
   * @throws InteropException if the header is not valid, or does not describe that many bytes
   */
  static Map<String, Entry> parse(String file, String json, long dataBytes) {
    SafetensorsHeader header = new SafetensorsHeader(file);
    try (JsonParser parser = JsonFile.STRICT.createParser(json)) {
      header.read(parser);
    } catch (JsonProcessingException e) {
      throw new InteropException(
          "%s: the header is no valid JSON: %s"
              .formatted(file, JsonFile.quoted(e.getOriginalMessage())),
          e);
    } catch (IOException e) {
      throw new InteropException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
    header.requireWhole(dataBytes);
    return header.entries;
  }

  private void read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new InteropException("%s: the header must be a JSON object".formatted(file));
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw new InteropException(
            "%s: tensor %s must have a name without control characters"
                .formatted(file, JsonFile.quoted(name)));
      }
      if (name.equals(METADATA)) {
        readMetadata(parser);
      } else {
        entries.put(name, entry(parser, name));
      }
    }
    if (parser.nextToken() != null) {
      throw new InteropException("%s: the header must be one JSON object".formatted(file));
    }
  }

  private void readMetadata(JsonParser parser) throws IOException {
    boolean strings = parser.nextToken() == JsonToken.START_OBJECT;
    while (strings && parser.nextToken() == JsonToken.FIELD_NAME) {
      strings = parser.nextToken() == JsonToken.VALUE_STRING;
    }
    if (!strings) {
      throw new InteropException("%s: %s must be an object of strings".formatted(file, METADATA));
    }
  }

  private Entry entry(JsonParser parser, String name) throws IOException {
    ElementType type = null;
    long[] shape = null;
    long[] offsets = null;
    boolean object = parser.nextToken() == JsonToken.START_OBJECT;
    while (object && parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      switch (key) {
        case "dtype" -> type = type(parser, name);
        case "shape" -> shape = lengths(parser, name, key, MAX_DIMENSIONS);
        case "data_offsets" -> offsets = lengths(parser, name, key, 2);
        default -> throw invalid(name, "has the unknown key '%s'", JsonFile.quoted(key));
      }
    }
    if (type == null || shape == null || offsets == null || offsets.length != 2) {
      throw invalid(name, "must have a dtype, a shape and two data_offsets");
    }
    requireFit(name, type, shape, offsets);
    return new Entry(type, shape, offsets[0], offsets[1]);
  }

  private ElementType type(JsonParser parser, String name) throws IOException {
    String text = parser.getText();
    return ElementType.named(text)
        .orElseThrow(
            () ->
                invalid(
                    name,
                    "has dtype %s, those that can be read are %s",
                    JsonFile.quoted(text),
                    Arrays.toString(ElementType.values())));
  }

  private long[] lengths(JsonParser parser, String name, String key, int max) throws IOException {
    long[] lengths = new long[max];
    int count = 0;
    boolean valid = parser.currentToken() == JsonToken.START_ARRAY;
    while (valid && parser.nextToken() != JsonToken.END_ARRAY) {
      valid =
          count < max
              && parser.currentToken() == JsonToken.VALUE_NUMBER_INT
              && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
              && parser.getLongValue() >= 0;
      if (valid) {
        lengths[count++] = parser.getLongValue();
      }
    }
    if (!valid) {
      throw invalid(name, "must have as %s at most %d whole numbers from 0 to 2⁶³", key, max);
    }
    return Arrays.copyOf(lengths, count);
  }

  private void requireFit(String name, ElementType type, long[] shape, long[] offsets) {
    try {
      long numBytes = type.numBytes();
      for (long length : shape) {
        numBytes = Math.multiplyExact(numBytes, length);
      }
      if (offsets[1] - offsets[0] == numBytes) {
        return;
      }
    } catch (ArithmeticException e) { // no file is that large
      throw invalid(name, "has a size beyond 2⁶³ bytes, shape %s", Arrays.toString(shape));
    }
    throw invalid(
        name,
        "has dtype %s and shape %s, its data_offsets %s hold another number of bytes",
        type,
        Arrays.toString(shape),
        Arrays.toString(offsets));
  }

  /** The tensors follow one another and take all the data there is. */
  private void requireWhole(long dataBytes) {
    List<Map.Entry<String, Entry>> ordered = new ArrayList<>(entries.entrySet());
    ordered.sort(
        Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long end = 0;
    for (Map.Entry<String, Entry> next : ordered) {
      long begin = next.getValue().begin();
      if (begin != end) {
        throw invalid(
            next.getKey(),
            "begins at %d, %s the end of the tensors before it at %d",
            begin,
            begin < end ? "before" : "behind",
            end);
      }
      end = next.getValue().end();
    }
    if (end != dataBytes) {
      throw new InteropException(
          "%s must have %d bytes of tensors behind its header, it has %d; copy or download it again"
              .formatted(file, end, dataBytes));
    }
  }

  private InteropException invalid(String tensor, String problem, Object... values) {
    return new InteropException(
        "%s: tensor '%s' %s".formatted(file, JsonFile.quoted(tensor), problem.formatted(values)));
  }
}
