package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static Settings parse(String yaml) {
    try {
      return Settings.parse(yaml);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void areReadByTheirPath() {
    Settings settings =
        parse(
            "a: {b: 1e-4, c: off}\nviews: [{rate: 0.10}, {rate: 2}]\nsteps: [5, 6_000]\nx: null\n");
    assertThat(settings.byPath())
        .containsEntry("a.c", "off")
        .containsEntry("views[0].rate", "0.1")
        .containsEntry("views[1].rate", "2")
        .containsEntry("x", "");
    assertThat(settings.number("a.b")).hasValue(1e-4);
    assertThat(settings.number("a.c")).isEmpty();
    assertThat(settings.text("x")).isEmpty();
    assertThat(settings.longs("steps")).containsExactly(5L, 6000L);
    assertThat(settings.longs("a.c")).isEmpty();
    assertThat(settings.size("views")).isEqualTo(2);
    assertThat(settings.size("none")).isZero();
  }

  @Test
  void emptyOrScalarTextHasNone() {
    assertThat(parse("").isEmpty()).isTrue();
    assertThat(parse("just a word").isEmpty()).isTrue();
    assertThatThrownBy(() -> Settings.parse("a: [1")).isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void areDefaultHoweverTheyAreWritten() {
    Settings defaults =
        parse("rate: 1e-4\nsteps: 100_000\ndecay: linear\nxla: off\nunset:\nkind: {kind: plain}");
    Settings same =
        parse(
            "rate: 0.0001\nsteps: 100000\ndecay: {kind: linear}\nxla: \"off\"\nunset: null\n"
                + "kind: {kind: PLAIN}");
    assertThat(same.byPath().keySet()).allMatch(path -> same.isDefault(path, defaults));
    Settings other =
        parse("rate: 0.0002\nsteps: 1\ndecay: {kind: cosine}\nxla: fusible\nunset: 3\nnew: 1");
    assertThat(other.byPath().keySet()).noneMatch(path -> other.isDefault(path, defaults));
  }
}
