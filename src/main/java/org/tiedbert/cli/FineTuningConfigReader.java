package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tiedbert.eval.FineTuningConfig;

/**
 * Reads the record that decides on a fine-tuning run from YAML, as {@link RunConfigReader} does
 * that of pre-training; there are no presets.
 */
public final class FineTuningConfigReader {
  static final ConfigLayers<FineTuningConfig> LAYERS =
      new ConfigLayers<>(
          FineTuningConfig.class, "finetune-defaults", List.of(), UnaryOperator.identity());

  private FineTuningConfigReader() {}

  /**
   * @param overrides {@code path=value}, the value in YAML
   * @throws ConfigException listing everything that is wrong
   * @throws org.tiedbert.text.InputException if the file cannot be read
   */
  public static FineTuningConfig read(Path file, List<String> overrides) {
    return LAYERS.read(file, overrides);
  }

  /** The defaults alone; what they lack, overrides must say. */
  public static FineTuningConfig defaults(List<String> overrides) {
    return LAYERS.defaults(overrides);
  }

  /** What {@link #write} wrote: every setting is in the file, and nothing is added. */
  public static FineTuningConfig readWritten(Path file) {
    return LAYERS.readWritten(file);
  }

  /** Every setting as YAML; reading it gives an equal record. */
  public static String write(FineTuningConfig config) {
    return RecordWriter.yaml(config);
  }
}
