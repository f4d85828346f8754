package org.tiedbert.cli;

import static org.tiedbert.cli.RecordShape.below;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tiedbert.cli.ConfigException.Problem;

/**
 * A tree of settings into a record, strictly: every component must be there, nothing else may be,
 * and every problem is noted rather than the first one thrown.
 *
 * <p>Components are of a {@link SettingType}; or records; or sealed interfaces of records, where
 * {@code kind} names the variant and a variant without components may be written as its name alone;
 * or lists of any of these; or Optionals, empty where the setting is absent or null.
 */
final class RecordReader<T> {
  private final Class<T> root;
  private final List<Problem> problems = new ArrayList<>();

  RecordReader(Class<T> root) {
    this.root = root;
  }

  /** What went wrong so far. */
  List<Problem> problems() {
    return problems;
  }

  /** The record, or empty if there were problems, which {@link #problems} then has. */
  Optional<T> read(ConfigNode node) {
    return Optional.ofNullable(root.cast(value("", node, root)));
  }

  /** The value, or null once a problem is noted. */
  private Object value(String path, ConfigNode node, Type type) {
    Class<?> erased = RecordShape.erased(type);
    SettingType<?> simple = SettingType.of(erased);
    if (node instanceof ConfigNode.Elements elements) {
      return note(path, "has no element " + elements.byIndex().keySet(), node);
    } else if (simple != null) {
      return simple(path, node, simple);
    } else if (erased == Optional.class) {
      return optional(path, node, RecordShape.argument(type));
    } else if (erased == List.class) {
      return list(path, node, RecordShape.argument(type));
    }
    return erased.isSealed() ? variant(path, node, erased) : record(path, node, erased);
  }

  private Object simple(String path, ConfigNode node, SettingType<?> type) {
    Object value =
        node instanceof ConfigNode.Scalar scalar ? type.parseOrNull(scalar.text()) : null;
    return value != null
        ? value
        : note(path, "expected %s, got %s".formatted(type.expectation(), node.description()), node);
  }

  private Object optional(String path, ConfigNode node, Type argument) {
    if (node instanceof ConfigNode.Nothing) {
      return Optional.empty();
    }
    Object value = value(path, node, argument);
    return value == null ? null : Optional.of(value);
  }

  private Object list(String path, ConfigNode node, Type argument) {
    if (!(node instanceof ConfigNode.Sequence sequence)) {
      return note(path, "expected a list, got " + node.description(), node);
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < sequence.elements().size(); i++) {
      values.add(value("%s[%d]".formatted(path, i), sequence.elements().get(i), argument));
    }
    return values.contains(null) ? null : values;
  }

  private Object variant(String path, ConfigNode node, Class<?> type) {
    ConfigNode kind =
        node instanceof ConfigNode.Mapping mapping ? mapping.entries().get(ConfigNode.KIND) : node;
    String kindPath = kind == node ? path : below(path, ConfigNode.KIND);
    if (kind == null) {
      return note(kindPath, "is missing, expected one of " + RecordShape.kinds(type), node);
    }
    Optional<Class<?>> variant =
        kind instanceof ConfigNode.Scalar scalar
            ? RecordShape.variant(type, scalar.text())
            : Optional.empty();
    if (variant.isEmpty()) {
      return note(
          kindPath,
          "expected one of %s, got %s".formatted(RecordShape.kinds(type), kind.description()),
          kind);
    }
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    if (node instanceof ConfigNode.Mapping mapping) {
      entries.putAll(mapping.entries());
      entries.remove(ConfigNode.KIND);
    }
    return record(path, new ConfigNode.Mapping(entries, node.origin()), variant.get());
  }

  private Object record(String path, ConfigNode node, Class<?> type) {
    List<String> names = RecordShape.names(type);
    if (!(node instanceof ConfigNode.Mapping mapping)) {
      String expected = "expected the settings " + String.join(", ", names);
      return note(path, "%s, got %s".formatted(expected, node.description()), node);
    }
    List<Object> values =
        RecordShape.components(type)
            .map(component -> component(path, mapping, component))
            .collect(ArrayList::new, List::add, List::addAll);
    Map<String, ConfigNode> unknown = new LinkedHashMap<>(mapping.entries());
    unknown.keySet().removeAll(names);
    unknown.forEach((name, given) -> noteUnknown(path, name, given, names));
    return values.contains(null) || !unknown.isEmpty() ? null : build(path, node, type, values);
  }

  private Object component(String path, ConfigNode.Mapping given, RecordComponent component) {
    String name = component.getName();
    ConfigNode node = given.entries().get(name);
    if (node != null) {
      return value(below(path, name), node, component.getGenericType());
    }
    return component.getType() == Optional.class
        ? Optional.empty()
        : noteMissing(below(path, name), given);
  }

  private Object build(String path, ConfigNode node, Class<?> type, List<Object> values) {
    try {
      return RecordShape.constructor(type).newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        return note(path, refusal.getMessage(), node);
      }
      throw new IllegalStateException("%s cannot be built".formatted(type), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("%s cannot be built".formatted(type), e);
    }
  }

  private Object noteMissing(String path, ConfigNode.Mapping parent) {
    String remedy = "is missing; set it in the file or with --set %s=VALUE".formatted(path);
    // Where a preset lacks it, the preset's line would only mislead.
    String origin = parent.origin().isPreset() ? "" : parent.origin().toString();
    problems.add(new Problem(path, remedy, origin));
    return null;
  }

  private void noteUnknown(String path, String name, ConfigNode node, List<String> known) {
    String hint =
        Spelling.nearest(name, known)
            .or(() -> elsewhere(name))
            .map("did you mean %s?"::formatted)
            .orElse(known.isEmpty() ? "none is known here" : "known: " + String.join(", ", known));
    note(below(path, name), "there is no such setting; " + hint, node);
  }

  /** A setting of that name in another place. */
  private Optional<String> elsewhere(String name) {
    return RecordShape.paths(root)
        .filter(path -> Spelling.same(name, path.substring(path.lastIndexOf('.') + 1)))
        .findFirst();
  }

  /** Always null: what a reading method returns where it has no value. */
  private Object note(String path, String message, ConfigNode where) {
    problems.add(new Problem(path, message, where.origin().toString()));
    return null;
  }
}
