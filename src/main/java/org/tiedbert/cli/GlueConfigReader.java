package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tiedbert.eval.GlueConfig;

/**
 * Reads the record that decides on a table of GLUE from YAML, as {@link RunConfigReader} does that
 * of pre-training. Its presets are the papers' protocols.
 */
public final class GlueConfigReader {
  /** In the order in which help lists them. */
  public static final List<String> PROTOCOLS = List.of("tied-bert", "mslt");

  private static final String PRESET = "glue-";
  static final ConfigLayers<GlueConfig> LAYERS =
      new ConfigLayers<>(
          GlueConfig.class,
          "glue-defaults",
          PROTOCOLS.stream().map(PRESET::concat).toList(),
          UnaryOperator.identity());

  private GlueConfigReader() {}

  /**
   * @param file may build on a protocol ({@code preset: glue-mslt})
   * @param overrides {@code path=value}, the value in YAML
   * @throws ConfigException listing everything that is wrong
   * @throws org.tiedbert.text.InputException if the file cannot be read
   */
  public static GlueConfig read(Path file, List<String> overrides) {
    return LAYERS.read(file, overrides);
  }

  /** A protocol; what it lacks, overrides must say. */
  public static GlueConfig protocol(String name, List<String> overrides) {
    return LAYERS.preset(PRESET + name, overrides);
  }

  /** Every setting as YAML; reading it gives an equal record. */
  public static String write(GlueConfig config) {
    return RecordWriter.yaml(config);
  }
}
