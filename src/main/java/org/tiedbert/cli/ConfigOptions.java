package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tiedbert.train.PreTrainingConfig;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where a command's configuration comes from. */
final class ConfigOptions {
  @ArgGroup private Source source;

  @Option(
      names = "--set",
      arity = "1..*",
      paramLabel = "KEY=VALUE",
      description = "Overrides settings, by path: --set data.shards=data/shards loss.tiedWeight=3")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--init",
      paramLabel = "MODEL",
      description = {
        "A model to start from: a run, a checkpoint or an imported model.",
        "Its shape is taken, its vocabulary must be that of the shards."
      })
  private Path init;

  /** A file, or a preset as it is. */
  static final class Source {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "A configuration in YAML; may build on a preset (preset: bert-small).")
    private Path file;

    @Option(
        names = "--preset",
        paramLabel = "NAME",
        description = "A preset without a file: ${COMPLETION-CANDIDATES}.",
        completionCandidates = Presets.class)
    private String preset;
  }

  /** The presets' names, for help. */
  static final class Presets extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Presets() {
      super(RunConfigReader.PRESETS);
    }
  }

  /** Whether the command line names no configuration at all. */
  boolean isEmpty() {
    return source == null && init == null && overrides.isEmpty();
  }

  boolean namesSource() {
    return source != null || init != null;
  }

  /** The configuration that the command line names. */
  PreTrainingConfig read() {
    List<String> settings = new ArrayList<>(overrides);
    if (init != null) {
      settings.add(ConfigOverrides.text("init", init));
    }
    if (source == null) {
      return RunConfigReader.defaults(settings);
    }
    return source.file != null
        ? RunConfigReader.read(source.file, settings)
        : RunConfigReader.preset(source.preset, settings);
  }
}
