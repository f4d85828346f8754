package org.tiedbert.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records back into settings: the text that {@link RecordReader} makes an equal record of. */
final class RecordWriter {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  private RecordWriter() {}

  static String yaml(Record record) {
    try {
      return YAML.writeValueAsString(settings(record));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("%s cannot be written as YAML".formatted(record), e);
    }
  }

  /** Every setting by its path, as text. */
  static Map<String, String> byPath(Record record) {
    Map<String, String> texts = new LinkedHashMap<>();
    collect("", settings(record), texts);
    return texts;
  }

  private static void collect(String path, JsonNode node, Map<String, String> into) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry -> collect(RecordShape.below(path, entry.getKey()), entry.getValue(), into));
    } else if (node.isArray() && !node.isEmpty()) {
      for (int i = 0; i < node.size(); i++) {
        collect("%s[%d]".formatted(path, i), node.get(i), into);
      }
    } else {
      into.put(path, node.isValueNode() ? node.asText() : node.toString());
    }
  }

  private static ObjectNode settings(Record record) {
    ObjectNode object = JSON.objectNode();
    RecordShape.components(record.getClass())
        .forEach(
            component ->
                object.set(
                    component.getName(),
                    node(component.getGenericType(), value(record, component))));
    return object;
  }

  private static JsonNode node(Type declared, Object value) {
    Class<?> erased = RecordShape.erased(declared);
    SettingType<?> simple = SettingType.of(erased);
    if (simple != null) {
      return simple.json(value);
    } else if (value instanceof List<?> list) {
      ArrayNode array = JSON.arrayNode();
      list.forEach(element -> array.add(node(RecordShape.argument(declared), element)));
      return array;
    } else if (value instanceof Optional<?> optional) {
      return optional.isEmpty()
          ? JSON.nullNode()
          : node(RecordShape.argument(declared), optional.get());
    }
    return erased.isSealed() ? variant((Record) value) : settings((Record) value);
  }

  private static ObjectNode variant(Record value) {
    ObjectNode object = JSON.objectNode();
    object.put(ConfigNode.KIND, Spelling.ofVariant(value.getClass()));
    return object.setAll(settings(value));
  }

  private static Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("%s cannot be read".formatted(component), e);
    }
  }
}
