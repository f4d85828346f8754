package org.tiedbert.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this program was built as, which Maven wrote down.
 *
 * @param tiedBert its own version
 * @param tensorFlowJava version of TensorFlow's Java API
 * @param platform of TensorFlow's native libraries, such as {@code linux-x86_64-gpu}
 */
public record Build(String tiedBert, String tensorFlowJava, String platform) {

  /** The program that runs. */
  public static Build current() {
    Properties build = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("version.properties")) {
      build.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        build.getProperty("tiedbert"),
        build.getProperty("tensorflow"),
        build.getProperty("platform"));
  }
}
