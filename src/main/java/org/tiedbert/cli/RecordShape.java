package org.tiedbert.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What reflection knows about records of settings and about sealed interfaces of them. */
final class RecordShape {
  private RecordShape() {}

  /** The names of a record's settings, in order. */
  static List<String> names(Class<?> record) {
    return components(record).map(RecordComponent::getName).toList();
  }

  static Stream<RecordComponent> components(Class<?> record) {
    return Arrays.stream(record.getRecordComponents());
  }

  static Constructor<?> constructor(Class<?> record) {
    try {
      return record.getDeclaredConstructor(
          components(record).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("%s has no canonical constructor".formatted(record), e);
    }
  }

  /** The records that a sealed interface permits, those of sealed interfaces below it too. */
  static List<Class<?>> variants(Class<?> sealed) {
    List<Class<?>> variants = new ArrayList<>();
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      variants.addAll(permitted.isSealed() ? variants(permitted) : List.of(permitted));
    }
    return variants;
  }

  /** The variant of a kind, such as {@code adamW}. */
  static Optional<Class<?>> variant(Class<?> sealed, String kind) {
    return variants(sealed).stream()
        .filter(variant -> Spelling.same(kind, Spelling.ofVariant(variant)))
        .findAny();
  }

  static String kinds(Class<?> sealed) {
    return variants(sealed).stream().map(Spelling::ofVariant).collect(Collectors.joining(", "));
  }

  /** Paths of all settings in a record and the records below it, lists and variants left out. */
  static Stream<String> paths(Class<?> record) {
    return components(record)
        .flatMap(
            component ->
                component.getType().isRecord()
                    ? paths(component.getType()).map(path -> component.getName() + "." + path)
                    : Stream.of(component.getName()));
  }

  /** The {@code T} of {@code List<T>} or {@code Optional<T>}. */
  static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }

  /** The class of a type, without its arguments. */
  static Class<?> erased(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
