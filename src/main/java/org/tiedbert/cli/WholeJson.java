package org.tiedbert.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import org.tiedbert.text.FileProblem;
import org.tiedbert.text.InputException;
import org.tiedbert.text.WholeFile;

/** Figures as a JSON file for other programs, whole or not there. */
final class WholeJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addModule(
              new SimpleModule()
                  .addSerializer(
                      numberOrNull(
                          OptionalLong.class, it -> it.isPresent() ? it.getAsLong() : null))
                  .addSerializer(
                      numberOrNull(
                          OptionalDouble.class, it -> it.isPresent() ? it.getAsDouble() : null)))
          .build();

  private WholeJson() {}

  private static <T> StdDelegatingSerializer numberOrNull(
      Class<T> type, Function<T, Number> number) {
    return new StdDelegatingSerializer(
        type,
        new StdConverter<T, Number>() {
          @Override
          public Number convert(T value) {
            return number.apply(value);
          }
        });
  }

  /**
   * Refuses before the work what could not be written after it.
   *
   * @throws InputException if there is a folder or a device at {@code file}, not to be replaced
   */
  static void requireFile(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new InputException(
          "%s must be a file or nothing yet, it is a folder or a device".formatted(file));
    }
  }

  /** Writes a record; what was in the file is replaced. */
  static void write(Path file, Record figures) {
    requireFile(file);
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      WholeFile.makeFolder(target.getParent());
      WholeFile.write(target, (JSON.writeValueAsString(figures) + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new InputException("%s cannot be written: %s".formatted(file, FileProblem.of(e)), e);
    }
  }
}
