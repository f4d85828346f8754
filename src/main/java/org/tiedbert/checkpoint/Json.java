package org.tiedbert.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.JsonProblem;
import org.tiedbert.text.SealedJson;

/** JSON files that must hold exactly the components of a record. */
final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private static final DefaultPrettyPrinter LINES =
      new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

  private static final int MAX_BYTES = 64 << 20;

  private Json() {}

  static byte[] bytes(Object value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  /** With a digest of itself, which {@link #readSealed} compares. */
  static byte[] sealedBytes(Object value) {
    return SealedJson.seal(text(value));
  }

  private static String text(Object value) {
    try {
      return MAPPER.writer(LINES).writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("%s has no JSON form".formatted(value), e);
    }
  }

  /** What {@link #bytes} gave in another process. */
  static <T> T of(byte[] bytes, Class<T> type) {
    try {
      return MAPPER.readValue(bytes, type);
    } catch (IOException e) {
      throw new IllegalStateException("%s has no such JSON form".formatted(type), e);
    }
  }

  static <T> T read(Path file, Class<T> type) {
    return parse(file, contents(file, type), type);
  }

  /**
   * Reads what {@link #sealedBytes} made.
   *
   * @throws CheckpointException also if it is not as it was written
   */
  static <T> T readSealed(Path file, Class<T> type) {
    SealedJson sealed = SealedJson.of(contents(file, type));
    T value = parse(file, sealed.json().getBytes(StandardCharsets.UTF_8), type);
    if (!sealed.isIntact()) {
      throw new CheckpointException(
          "%s is damaged: it is not as it was written, by its own SHA-256".formatted(file));
    }
    return value;
  }

  private static byte[] contents(Path file, Class<?> type) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1); // a size is what some files do not tell
      if (bytes.length > MAX_BYTES) {
        throw new CheckpointException(
            "%s must hold the fields of a %s, in %d bytes or fewer; it has more"
                .formatted(file, type.getSimpleName(), MAX_BYTES));
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new CheckpointException("there is no file %s".formatted(file), e);
    } catch (IOException e) {
      throw new CheckpointException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }

  private static <T> T parse(Path file, byte[] bytes, Class<T> type) {
    try {
      return MAPPER.readValue(bytes, type);
    } catch (ValueInstantiationException e) {
      throw new CheckpointException("%s: %s".formatted(file, e.getCause().getMessage()), e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          "%s must hold the fields of a %s: %s"
              .formatted(file, type.getSimpleName(), JsonProblem.of(e)),
          e);
    } catch (IOException e) {
      throw new CheckpointException("%s cannot be read: %s".formatted(file, FileProblem.of(e)), e);
    }
  }
}
