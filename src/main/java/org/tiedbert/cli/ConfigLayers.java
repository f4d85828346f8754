package org.tiedbert.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.tiedbert.cli.ConfigException.Problem;
import org.tiedbert.cli.ConfigNode.Origin;
import org.tiedbert.text.FileProblem;

/**
 * A record of settings out of layers of YAML, each over the one before: the defaults, the preset
 * that a file names, the file, and overrides.
 *
 * @param root the record
 * @param defaults name of the lowest layer, a resource
 * @param presets names of the layers that a file may build on
 * @param below puts settings over what they imply, such as the shape of a model they start from
 */
record ConfigLayers<T>(
    Class<T> root, String defaults, List<String> presets, UnaryOperator<ConfigNode.Mapping> below) {
  private static final String PRESET = "preset";

  /** A file, over the preset that it names. */
  T read(Path file, List<String> overrides) {
    return layered(file.toString(), yaml(file), overrides);
  }

  /** A preset without a file. */
  T preset(String name, List<String> overrides) {
    Origin origin = new Origin("the command line", 0);
    Map<String, ConfigNode> entries = Map.of(PRESET, new ConfigNode.Scalar(name, origin));
    return layered("preset " + name, new ConfigNode.Mapping(entries, origin), overrides);
  }

  /** The defaults alone. */
  T defaults(List<String> overrides) {
    Origin origin = new Origin("the command line", 0);
    return layered("the command line", new ConfigNode.Mapping(Map.of(), origin), overrides);
  }

  /** What {@link RecordWriter} wrote: every setting is in the file, and nothing is added. */
  T readWritten(Path file) {
    return bind(file.toString(), yaml(file));
  }

  private T layered(String source, ConfigNode file, List<String> overrides) {
    if (file instanceof ConfigNode.Scalar || file instanceof ConfigNode.Sequence) {
      throw ConfigYaml.refusal(
          "expected settings by name, got " + file.description(), file.origin());
    }
    ConfigNode.Mapping nothing = new ConfigNode.Mapping(Map.of(), file.origin());
    ConfigNode.Mapping given = file instanceof ConfigNode.Mapping settings ? settings : nothing;
    ConfigNode.Mapping all =
        overrides.isEmpty()
            ? given
            : (ConfigNode.Mapping) ConfigOverrides.of(overrides).over(given);
    return bind(source, withLayersBelow(all));
  }

  /** Puts a mapping over the preset it names, that one over the one it names, and the defaults. */
  private ConfigNode withLayersBelow(ConfigNode.Mapping given) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>(given.entries());
    ConfigNode preset = entries.remove(PRESET);
    ConfigNode own = below.apply(new ConfigNode.Mapping(entries, given.origin()));
    if (preset == null) {
      return own.over(resource(defaults));
    }
    if (!(preset instanceof ConfigNode.Scalar name) || !presets.contains(name.text())) {
      String expected = "expected one of " + String.join(", ", presets);
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

  private T bind(String source, ConfigNode node) {
    RecordReader<T> reader = new RecordReader<>(root);
    Optional<T> config = reader.read(node);
    return config.orElseThrow(() -> new ConfigException(source, reader.problems()));
  }

  /** The lowest layer as it is. */
  String defaultsYaml() {
    return text(defaults);
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

  /** A file alone. */
  static ConfigNode yaml(Path file) {
    try {
      return ConfigYaml.parse(Files.readString(file), line -> new Origin(file.toString(), line));
    } catch (NoSuchFileException e) {
      throw new ConfigException("there is no configuration file %s".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new ConfigException(
          "configuration file %s is not UTF-8; convert it".formatted(file), e);
    } catch (IOException e) {
      throw new ConfigException(
          "cannot read the configuration file %s: %s".formatted(file, FileProblem.of(e)), e);
    }
  }
}
