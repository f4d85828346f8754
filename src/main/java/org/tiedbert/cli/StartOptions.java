package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What fine-tuning starts from. */
final class StartOptions {
  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description = "The model to start from: a run, a checkpoint or an imported model.")
  private Path init;

  @Option(
      names = "--untrained",
      description =
          "Take the model's shape and vocabulary, not its weights: the baseline without"
              + " pre-training.")
  private boolean untrained;

  boolean nameModel() {
    return init != null;
  }

  /** As settings of a configuration. */
  List<String> settings() {
    List<String> settings = new ArrayList<>();
    if (init != null) {
      settings.add(ConfigOverrides.text("init", init));
    }
    if (untrained) {
      settings.add("weights=untrained");
    }
    return settings;
  }
}
