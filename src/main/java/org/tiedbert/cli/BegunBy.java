package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.tiedbert.checkpoint.RunDirectory;

/** The command that began a run, which alone continues it. */
enum BegunBy {
  PRETRAIN("stages"),
  FINETUNE("task"),
  GLUE("grid");

  /** What its configurations have and the others' have not. */
  private final String setting;

  BegunBy(String setting) {
    this.setting = setting;
  }

  /**
   * Refuses a run that another command began.
   *
   * @throws ConfigException if it is one, or its configuration cannot be read
   */
  void require(Path run) {
    ConfigNode config = ConfigLayers.yaml(new RunDirectory(run).config());
    for (BegunBy other : values()) {
      if (other != this && other.began(config) && !began(config)) {
        throw new ConfigException(
            "%s is a run of '%s', which alone continues it; choose another --output"
                .formatted(run, "tiedbert " + other.name().toLowerCase(Locale.ROOT)));
      }
    }
  }

  private boolean began(ConfigNode config) {
    return config instanceof ConfigNode.Mapping settings && settings.entries().containsKey(setting);
  }
}
