package org.tiedbert.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final String PRESET = "preset";
  private static final String INIT = "init";
  private static final String DEFAULTS = "defaults";

  private RunConfigReader() {}

  /**
   * @param overrides {@code path=value}, the value in YAML: {@code noise.views[1].rate=0.2}
   * @throws ConfigException listing everything that is wrong
   * @throws InputException if the file cannot be read
   */
  public static PreTrainingConfig read(Path file, List<String> overrides) {
    return layered(file.toString(), yaml(file), overrides);
  }

  /** A preset without a file; what it lacks, such as {@code data.shards}, overrides must say. */
  public static PreTrainingConfig preset(String name, List<String> overrides) {
    Origin origin = new Origin("the command line", 0);
    Map<String, ConfigNode> entries = Map.of(PRESET, new ConfigNode.Scalar(name, origin));
    return layered("preset " + name, new ConfigNode.Mapping(entries, origin), overrides);
  }

  /** The defaults alone; what they lack, overrides must say, or a model to start from. */
  public static PreTrainingConfig defaults(List<String> overrides) {
    Origin origin = new Origin("the command line", 0);
    return layered("the command line", new ConfigNode.Mapping(Map.of(), origin), overrides);
  }

  /** What {@link #write} wrote: every setting is in the file, and nothing is added. */
  public static PreTrainingConfig readWritten(Path file) {
    return bind(file.toString(), yaml(file));
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
  public static List<String> differences(PreTrainingConfig stored, PreTrainingConfig now) {
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

  private static PreTrainingConfig layered(String source, ConfigNode file, List<String> overrides) {
    if (file instanceof ConfigNode.Scalar || file instanceof ConfigNode.Sequence) {
      throw ConfigYaml.refusal(
          "expected settings by name, got " + file.description(), file.origin());
    }
    ConfigNode.Mapping nothing = new ConfigNode.Mapping(Map.of(), file.origin());
    ConfigNode.Mapping given = file instanceof ConfigNode.Mapping settings ? settings : nothing;
    ConfigNode.Mapping all = (ConfigNode.Mapping) ConfigOverrides.of(overrides).over(given);
    return bind(source, withLayersBelow(all));
  }

  /** Puts a mapping over the preset it names, that one over the one it names, and the defaults. */
  private static ConfigNode withLayersBelow(ConfigNode.Mapping given) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>(given.entries());
    ConfigNode preset = entries.remove(PRESET);
    ConfigNode own = overModel(new ConfigNode.Mapping(entries, given.origin()));
    if (preset == null) {
      return own.over(resource(DEFAULTS));
    }
    if (!(preset instanceof ConfigNode.Scalar name) || !PRESETS.contains(name.text())) {
      String expected = "expected one of " + String.join(", ", PRESETS);
      throw new ConfigException(
          preset.origin().source(),
          List.of(
              new Problem(
                  PRESET,
                  "%s, got %s".formatted(expected, preset.description()),
                  preset.origin().toString())));
    }
    return own.over(withLayersBelow(resource(name.text())));
  }

  /** Puts settings over the shape of the model that they start from, if they name one. */
  private static ConfigNode overModel(ConfigNode.Mapping given) {
    if (!(given.entries().get(INIT) instanceof ConfigNode.Scalar init)) {
      return given;
    }
    Origin origin = new Origin("the model " + init.text(), 0);
    try {
      ModelDirectory model = ModelDirectory.open(Path.of(init.text()), damaged -> {});
      String shape = RecordWriter.yaml(model.config().encoder());
      Map<String, ConfigNode> layer = Map.of("model", ConfigYaml.parse(shape, line -> origin));
      return given.over(new ConfigNode.Mapping(layer, origin));
    } catch (CheckpointException | InvalidPathException e) {
      Problem problem = new Problem(INIT, e.getMessage(), init.origin().toString());
      throw new ConfigException(given.origin().source(), List.of(problem));
    }
  }

  private static PreTrainingConfig bind(String source, ConfigNode node) {
    RecordReader<PreTrainingConfig> reader = new RecordReader<>(PreTrainingConfig.class);
    Optional<PreTrainingConfig> config = reader.read(node);
    return config.orElseThrow(() -> new ConfigException(source, reader.problems()));
  }

  /** What configurations of one kind of run have where they do not say otherwise. */
  static String defaultsYaml(RunKind kind) {
    return switch (kind) {
      case PRE_TRAINING -> text(DEFAULTS);
      case FINE_TUNING -> "";
    };
  }

  private static ConfigNode.Mapping resource(String preset) {
    return (ConfigNode.Mapping)
        ConfigYaml.parse(text(preset), line -> Origin.inPreset(preset, line));
  }

  private static String text(String preset) {
    String resource = "presets/%s.yaml".formatted(preset);
    try (InputStream in = RunConfigReader.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConfigNode yaml(Path file) {
    try {
      return ConfigYaml.parse(Files.readString(file), line -> new Origin(file.toString(), line));
    } catch (NoSuchFileException e) {
      throw new InputException("there is no configuration file %s".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new InputException("configuration file %s is not UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new InputException("cannot read the configuration file %s: %s".formatted(file, e), e);
    }
  }
}
