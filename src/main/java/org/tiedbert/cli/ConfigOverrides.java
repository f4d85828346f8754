package org.tiedbert.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.tiedbert.cli.ConfigException.Problem;
import org.tiedbert.cli.ConfigNode.Origin;

/**
 * What {@code --set path=value} options say, as a layer of its own. A path is names with dots
 * between them, each with an index in brackets where it is a list; a value is YAML.
 */
final class ConfigOverrides {
  private static final Pattern OVERRIDE =
      Pattern.compile(
          "(\\w+(?:\\[\\d{1,9}])*(?:\\.\\w+(?:\\[\\d{1,9}])*)*)\\s*=(.*)", Pattern.DOTALL);
  private static final Pattern STEP = Pattern.compile("\\w+|\\[\\d+]");

  private ConfigOverrides() {}

  /** All options together, later ones over earlier ones. */
  static ConfigNode.Mapping of(List<String> options) {
    List<Problem> problems = new ArrayList<>();
    ConfigNode.Mapping all = new ConfigNode.Mapping(Map.of(), new Origin("--set", 0));
    for (String option : options) {
      try {
        all = (ConfigNode.Mapping) layer(option).over(all);
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException("--set", problems);
    }
    return all;
  }

  /** The option that sets a path to a text, whatever is in that. */
  static String text(String path, Object value) {
    return "%s='%s'".formatted(path, value.toString().replace("'", "''"));
  }

  private static ConfigNode layer(String option) {
    Origin origin = new Origin("--set " + option, 0);
    var override = OVERRIDE.matcher(option);
    if (!override.matches()) {
      throw ConfigYaml.refusal("expected path=value such as data.batchSize=64", origin);
    }
    ConfigNode node = ConfigYaml.parse(override.group(2), line -> origin);
    List<String> steps = STEP.matcher(override.group(1)).results().map(MatchResult::group).toList();
    for (int i = steps.size() - 1; i >= 0; i--) {
      node = within(steps.get(i), node, origin);
    }
    return node;
  }

  private static ConfigNode within(String step, ConfigNode node, Origin origin) {
    return step.startsWith("[")
        ? new ConfigNode.Elements(
            Map.of(Integer.valueOf(step.substring(1, step.length() - 1)), node), origin)
        : new ConfigNode.Mapping(Map.of(step, node), origin);
  }
}
