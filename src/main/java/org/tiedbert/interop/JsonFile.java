package org.tiedbert.interop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.tiedbert.text.FileProblem;

/**
 * A JSON object in a file of another program: UTF-8, no key twice, nothing after it, bounded in
 * size. A key whose value is null counts as absent, as it does for those programs.
 *
 * @param name what messages call it: the file, and where in it the object is
 */
record JsonFile(String name, ObjectNode object) {
  /** Four times those of the largest tokenizer in common use, 501,153 word pieces. */
  private static final long MAX_TOKENS = 4L << 20;

  private static final int MAX_QUOTED = 80;

  /** For everything that is read: bounded, and strict where JSON leaves a choice. */
  static final JsonFactory STRICT =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).maxNestingDepth(64).build())
          .build();

  private static final JsonMapper MAPPER =
      JsonMapper.builder(STRICT).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * @throws InteropException if there is no such file, it is larger, or it is no such object
   */
  static JsonFile read(Path file, long maxBytes) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Math.toIntExact(maxBytes) + 1); // some files tell no size
      if (bytes.length > maxBytes) {
        throw new InteropException(
            "%s must have %d bytes or fewer, it has %d"
                .formatted(file, maxBytes, Math.max(bytes.length, Files.size(file))));
      }
      JsonNode root = MAPPER.readTree(text(file.toString(), bytes));
      if (root instanceof ObjectNode object) {
        return new JsonFile(file.toString(), object);
      }
      throw new InteropException("%s must hold a JSON object".formatted(file));
    } catch (JsonProcessingException e) {
      throw new InteropException(
          "%s is no valid JSON: %s".formatted(file, quoted(e.getOriginalMessage())), e);
    } catch (NoSuchFileException e) {
      throw new InteropException("there is no file %s".formatted(file), e);
    } catch (IOException e) {
      throw new InteropException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  /** The file's object, if there is a file. */
  static Optional<JsonFile> readIfThere(Path file, long maxBytes) {
    return Files.exists(file) ? Optional.of(read(file, maxBytes)) : Optional.empty();
  }

  /** Decodes UTF-8, without putting anything in the place of what is none. */
  static String text(String name, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InteropException(
          "%s must be UTF-8, it holds bytes that are not; convert or download it again"
              .formatted(name),
          e);
    }
  }

  /** A part of a text that is safe to put into a message. */
  static String quoted(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= MAX_QUOTED ? line : line.substring(0, MAX_QUOTED) + "…";
  }

  boolean has(String key) {
    return object.hasNonNull(key);
  }

  /** The value, if it is present; any type. */
  Optional<JsonNode> value(String key) {
    return Optional.ofNullable(object.get(key)).filter(node -> !node.isNull());
  }

  /** The object under a key, if it is present. */
  Optional<JsonFile> child(String key) {
    return value(key)
        .map(
            node -> {
              if (node instanceof ObjectNode child) {
                return new JsonFile("%s, %s".formatted(name, key), child);
              }
              throw wrong(key, "an object", node);
            });
  }

  Optional<String> text(String key) {
    return value(key)
        .map(
            node -> {
              if (node.isTextual()) {
                return node.textValue();
              }
              throw wrong(key, "a string", node);
            });
  }

  Optional<Boolean> flag(String key) {
    return value(key)
        .map(
            node -> {
              if (node.isBoolean()) {
                return node.booleanValue();
              }
              throw wrong(key, "true or false", node);
            });
  }

  Optional<Integer> integer(String key) {
    return value(key)
        .map(
            node -> {
              if (node.isIntegralNumber() && node.canConvertToInt()) {
                return node.intValue();
              }
              throw wrong(key, "a whole number", node);
            });
  }

  Optional<Double> number(String key) {
    return value(key)
        .map(
            node -> {
              if (node.isNumber()) {
                return node.doubleValue();
              }
              throw wrong(key, "a number", node);
            });
  }

  /** The value of a key that must be there; {@code value} is what was found. */
  <T> T required(String key, Optional<T> value) {
    return value.orElseThrow(
        () -> new InteropException("%s must have a value for %s".formatted(name, key)));
  }

  InteropException wrong(String key, String expected, JsonNode found) {
    return new InteropException(
        "%s: %s must be %s, got %s".formatted(name, key, expected, quoted(found.toString())));
  }
}
