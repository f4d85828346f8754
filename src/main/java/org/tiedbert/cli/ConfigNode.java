package org.tiedbert.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A piece of a configuration before it has a type, and where it was written. Immutable. */
sealed interface ConfigNode {
  /** The key that names a variant of a sealed interface. */
  String KIND = "kind";

  Origin origin();

  /** What it is, for messages. */
  String description();

  /** The same, but known to start elsewhere: where its name stands and not on the line below. */
  default ConfigNode startingAt(Origin origin) {
    return this;
  }

  /** This node where a lower layer has {@code base} at the same place. */
  default ConfigNode over(ConfigNode base) {
    return this;
  }

  /**
   * Where a node was written.
   *
   * @param source a file, a preset or a command-line option
   * @param line from 1; 0 where there is none
   */
  record Origin(String source, int line) {
    private static final String PRESET = "preset ";

    static Origin inPreset(String name, int line) {
      return new Origin(PRESET + name, line);
    }

    boolean isPreset() {
      return source.startsWith(PRESET);
    }

    @Override
    public String toString() {
      return line == 0 ? source : "%s, line %d".formatted(source, line);
    }
  }

  /** Settings by name. Over another mapping, it adds to it, unless it is of another kind. */
  record Mapping(Map<String, ConfigNode> entries, Origin origin) implements ConfigNode {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String description() {
      return "settings by name";
    }

    @Override
    public ConfigNode startingAt(Origin start) {
      return new Mapping(entries, start);
    }

    @Override
    public ConfigNode over(ConfigNode base) {
      if (!(base instanceof Mapping below) || isOfOtherKindThan(below)) {
        return this;
      }
      Map<String, ConfigNode> merged = new LinkedHashMap<>(below.entries);
      entries.forEach((name, node) -> merged.merge(name, node, (low, high) -> high.over(low)));
      return new Mapping(merged, origin);
    }

    private boolean isOfOtherKindThan(Mapping base) {
      return entries.get(KIND) instanceof Scalar kind
          && !(base.entries.get(KIND) instanceof Scalar below
              && Spelling.same(kind.text, below.text))
          && base.entries.containsKey(KIND);
    }
  }

  /** A list. Over another one, it replaces it. */
  record Sequence(List<ConfigNode> elements, Origin origin) implements ConfigNode {
    public Sequence {
      elements = List.copyOf(elements);
    }

    @Override
    public String description() {
      return "a list";
    }

    @Override
    public ConfigNode startingAt(Origin start) {
      return new Sequence(elements, start);
    }
  }

  /** Changes to single elements of the list below: {@code --set noise.views[1].rate=0.2}. */
  record Elements(Map<Integer, ConfigNode> byIndex, Origin origin) implements ConfigNode {
    public Elements {
      byIndex = Collections.unmodifiableMap(new TreeMap<>(byIndex));
    }

    @Override
    public String description() {
      return "an element of a list";
    }

    @Override
    public ConfigNode over(ConfigNode base) {
      if (base instanceof Elements below) {
        Map<Integer, ConfigNode> merged = new TreeMap<>(below.byIndex);
        byIndex.forEach((index, node) -> merged.merge(index, node, (low, high) -> high.over(low)));
        return new Elements(merged, origin);
      }
      return base instanceof Sequence below ? changed(below) : this;
    }

    private ConfigNode changed(Sequence below) {
      List<ConfigNode> elements = new ArrayList<>(below.elements);
      for (Map.Entry<Integer, ConfigNode> change : byIndex.entrySet()) {
        int index = change.getKey();
        if (index >= elements.size()) {
          return this; // the reader says that there is no such element
        }
        elements.set(index, change.getValue().over(elements.get(index)));
      }
      return new Sequence(elements, origin);
    }
  }

  /** One value, as it was written; its type is that of the setting it is given to. */
  record Scalar(String text, Origin origin) implements ConfigNode {
    @Override
    public String description() {
      return "'%s'".formatted(text);
    }
  }

  /** YAML's null: a name with nothing behind it. */
  record Nothing(Origin origin) implements ConfigNode {
    @Override
    public String description() {
      return "nothing";
    }
  }
}
