package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tiedbert.cli.ConfigException.Problem;
import org.tiedbert.cli.ConfigNode.Origin;

class RecordReaderTest {
  enum Colour {
    RED,
    DEEP_BLUE
  }

  sealed interface Shape {
    record Circle(double radius) implements Shape {
      public Circle {
        if (radius <= 0) {
          throw new IllegalArgumentException("radius must be above 0, got " + radius);
        }
      }
    }

    record UnitSquare() implements Shape {}
  }

  record Inner(int count, boolean open) {}

  record Outer(
      long size,
      String name,
      Path file,
      Colour colour,
      Inner inner,
      Shape shape,
      List<Shape> shapes,
      List<Long> numbers,
      Optional<Duration> limit) {}

  private static final String COMPLETE =
      """
      size: 1_000_000
      name: 'null'
      file: some/where
      colour: deepBlue
      inner: {count: 3, open: true}
      shape: {kind: circle, radius: 1e-3}
      shapes: [unitSquare, {kind: unitSquare}, {kind: Circle, radius: .5}]
      numbers: [1, 2]
      limit: 1h30m
      """;

  private static final Outer VALUE =
      new Outer(
          1_000_000,
          "null",
          Path.of("some/where"),
          Colour.DEEP_BLUE,
          new Inner(3, true),
          new Shape.Circle(0.001),
          List.of(new Shape.UnitSquare(), new Shape.UnitSquare(), new Shape.Circle(0.5)),
          List.of(1L, 2L),
          Optional.of(Duration.ofMinutes(90)));

  @Test
  void readsEveryTypeOfSetting() {
    RecordReader<Outer> reader = new RecordReader<>(Outer.class);
    assertThat(reader.read(parse(COMPLETE))).contains(VALUE);
    assertThat(reader.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain", "null", "~", "true", "12", "1e3", "a: b", "# x", " x ", "*a", "-", "", "ä→"
      })
  void whatIsWrittenIsReadAsAnEqualRecord(String text) {
    // given
    Outer record =
        new Outer(
            -5,
            text,
            Path.of("12"),
            Colour.RED,
            VALUE.inner,
            VALUE.shape,
            List.of(),
            List.of(),
            Optional.empty());
    // when
    String yaml = RecordWriter.yaml(record);
    // then
    assertThat(new RecordReader<>(Outer.class).read(parse(yaml))).as(yaml).contains(record);
  }

  @Test
  void namesEveryProblemWithPathAndLine() {
    // given
    String yaml =
        """
        size: big
        naem: x
        file: a
        colour: green
        inner: {cuont: 3, open: maybe}
        shape: {kind: sqare}
        shapes:
          - {kind: circle, radius: -1}
          - {radius: 2}
          - [1]
        numbers: 7
        limit: soon
        """;
    RecordReader<Outer> reader = new RecordReader<>(Outer.class);
    // when
    Optional<Outer> read = reader.read(parse(yaml));
    // then
    assertThat(read).isEmpty();
    assertThat(reader.problems())
        .containsExactlyInAnyOrder(
            new Problem("size", "expected a whole number, got 'big'", "test, line 1"),
            new Problem(
                "name", "is missing; set it in the file or with --set name=VALUE", "test, line 1"),
            new Problem("naem", "there is no such setting; did you mean name?", "test, line 2"),
            new Problem("colour", "expected one of red, deepBlue, got 'green'", "test, line 4"),
            new Problem(
                "inner.count",
                "is missing; set it in the file or with --set inner.count=VALUE",
                "test, line 5"),
            new Problem(
                "inner.cuont", "there is no such setting; did you mean count?", "test, line 5"),
            new Problem("inner.open", "expected true or false, got 'maybe'", "test, line 5"),
            new Problem(
                "shape.kind", "expected one of circle, unitSquare, got 'sqare'", "test, line 6"),
            new Problem("shapes[0]", "radius must be above 0, got -1.0", "test, line 8"),
            new Problem(
                "shapes[1].kind", "is missing, expected one of circle, unitSquare", "test, line 9"),
            new Problem(
                "shapes[2]", "expected one of circle, unitSquare, got a list", "test, line 10"),
            new Problem("numbers", "expected a list, got '7'", "test, line 11"),
            new Problem(
                "limit",
                "expected a duration such as 90s, 30m, 1h30m or PT30M, got 'soon'",
                "test, line 12"));
  }

  @Test
  void pointsToASettingOfThatNameInAnotherPlace() {
    assertThat(problemsOf(COMPLETE + "count: 4\n"))
        .containsExactly(
            new Problem(
                "count", "there is no such setting; did you mean inner.count?", "test, line 10"));
  }

  @Test
  void listsWhatIsKnownWhereNothingIsLikeAnUnknownName() {
    assertThat(problemsOf(COMPLETE.replace("count: 3,", "count: 3, frequency: 1,")))
        .containsExactly(
            new Problem(
                "inner.frequency", "there is no such setting; known: count, open", "test, line 5"));
  }

  @ParameterizedTest
  @CsvSource({
    "size, 1.5",
    "size, 1e3",
    "size, 99999999999999999999",
    "size, ''",
    "size, [1]",
    "size, {a: 1}",
    "inner, 3",
    "inner, ",
    "colour, ",
    "file, ''",
    "limit, 5"
  })
  void refusesValuesOfAnotherType(String name, String value) {
    String yaml =
        COMPLETE.replaceFirst(
            "(?m)^" + name + ": .*$",
            name + ": " + (value == null ? "" : value.isEmpty() ? "''" : value));
    assertThat(problemsOf(yaml)).extracting(Problem::path).containsExactly(name);
  }

  @ParameterizedTest
  @CsvSource({"90s, PT1M30S", "30m, PT30M", "2h, PT2H", "1d, P1D", "1d2h, P1DT2H", "pt5s, PT5S"})
  void readsShortDurations(String text, Duration expected) {
    assertThat(SettingType.of(Duration.class).parseOrNull(text)).isEqualTo(expected);
  }

  private static List<Problem> problemsOf(String yaml) {
    RecordReader<Outer> reader = new RecordReader<>(Outer.class);
    assertThat(reader.read(parse(yaml))).isEmpty();
    return reader.problems();
  }

  private static ConfigNode parse(String yaml) {
    return ConfigYaml.parse(yaml, line -> new Origin("test", line));
  }
}
