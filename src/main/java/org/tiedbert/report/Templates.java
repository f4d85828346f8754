package org.tiedbert.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The templates among this package's resources. What they print is escaped, but for what they print
 * in three braces; a name that the model lacks is an error.
 */
final class Templates {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler()
          .escapeHTML(true)
          .emptyStringIsFalse(true)
          .strictSections(true)
          .withLoader(Templates::reader);

  private Templates() {}

  /**
   * @param name without its ending
   */
  static String fill(String name, Object model) {
    try (Reader reader = reader(name)) {
      return COMPILER.compile(reader).execute(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Reader reader(String name) {
    InputStream in = Templates.class.getResourceAsStream(name + ".mustache");
    if (in == null) {
      throw new IllegalStateException("there is no template " + name);
    }
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }
}
