package org.tiedbert.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tiedbert.checkpoint.CheckpointException;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.cli.ConfigException.Problem;
import org.tiedbert.cli.ConfigNode.Origin;
import org.tiedbert.report.RunKind;
import org.tiedbert.text.InputException;
import org.tiedbert.train.PreTrainingConfig;

/**
 * Reads the record that decides on a run from YAML, each layer over the one before: the defaults,
 * the preset that the file names ({@code preset: bert-small}), the file, and {@code --set} options.
 * A setting keeps the name of its record component: {@code model.hiddenSize}, {@code
 * stages.steps[1]}. Settings by name add to those of the layer below; a list replaces the list
 * below, and settings with another {@code kind} replace all of those below. Where {@code init}
 * names a model to start from, its shape lies between the file and the preset. Relative paths in a
 * configuration are relative to the working directory.
 */
public final class RunConfigReader {
  /** In the order in which help lists them. */
  public static final List<String> PRESETS =
      List.of(
          "quickstart",
          "bert-tiny",
          "bert-mini",
          "bert-small",
          "bert-base",
          "bert-large",
          "tied-bert-paper",
          "mslt-bert-base-paper",
          "mslt-bert-large-paper");

  private static final String INIT = "init";
  private static final ConfigLayers<PreTrainingConfig> LAYERS =
      new ConfigLayers<>(PreTrainingConfig.class, "defaults", PRESETS, RunConfigReader::overModel);

  private RunConfigReader() {}

  /**
   * @param overrides {@code path=value}, the value in YAML: {@code noise.views[1].rate=0.2}
   * @throws ConfigException listing everything that is wrong
   * @throws InputException if the file cannot be read
   */
  public static PreTrainingConfig read(Path file, List<String> overrides) {
    return LAYERS.read(file, overrides);
  }

  /** A preset without a file; what it lacks, such as {@code data.shards}, overrides must say. */
  public static PreTrainingConfig preset(String name, List<String> overrides) {
    return LAYERS.preset(name, overrides);
  }

  /** The defaults alone; what they lack, overrides must say, or a model to start from. */
  public static PreTrainingConfig defaults(List<String> overrides) {
    return LAYERS.defaults(overrides);
  }

  /** What {@link #write} wrote: every setting is in the file, and nothing is added. */
  public static PreTrainingConfig readWritten(Path file) {
    return LAYERS.readWritten(file);
  }

  /** Every setting as YAML; reading it gives an equal record. */
  public static String write(PreTrainingConfig config) {
    return RecordWriter.yaml(config);
  }

  /**
   * The settings in which two configurations differ.
   *
   * @return lines such as {@code model.hiddenSize: 128 → 256}, old value first
   */
  public static List<String> differences(Record stored, Record now) {
    Map<String, String> before = RecordWriter.byPath(stored);
    Map<String, String> after = RecordWriter.byPath(now);
    Map<String, String> all = new LinkedHashMap<>(before);
    after.forEach(all::putIfAbsent);
    return all.keySet().stream()
        .filter(path -> !before.getOrDefault(path, "").equals(after.getOrDefault(path, "")))
        .map(
            path ->
                "%s: %s → %s"
                    .formatted(
                        path,
                        before.getOrDefault(path, "unset"),
                        after.getOrDefault(path, "unset")))
        .toList();
  }

  /** Puts settings over the shape of the model that they start from, if they name one. */
  private static ConfigNode.Mapping overModel(ConfigNode.Mapping given) {
    if (!(given.entries().get(INIT) instanceof ConfigNode.Scalar init)) {
      return given;
    }
    Origin origin = new Origin("the model " + init.text(), 0);
    try {
      ModelDirectory model = ModelDirectory.open(Path.of(init.text()), damaged -> {});
      String shape = RecordWriter.yaml(model.config().encoder());
      Map<String, ConfigNode> layer = Map.of("model", ConfigYaml.parse(shape, line -> origin));
      return (ConfigNode.Mapping) given.over(new ConfigNode.Mapping(layer, origin));
    } catch (CheckpointException | InvalidPathException e) {
      Problem problem = new Problem(INIT, e.getMessage(), init.origin().toString());
      throw new ConfigException(given.origin().source(), List.of(problem));
    }
  }

  /** What configurations of one kind of run have where they do not say otherwise. */
  static String defaultsYaml(RunKind kind) {
    return switch (kind) {
      case PRE_TRAINING -> LAYERS.defaultsYaml();
      case FINE_TUNING -> FineTuningConfigReader.LAYERS.defaultsYaml();
      case GLUE -> GlueConfigReader.LAYERS.defaultsYaml();
    };
  }
}
