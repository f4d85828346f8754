package org.tiedbert.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.tiedbert.text.InputException;

class FontsTest {
  @Test
  void aJavaWithoutFontsIsToldInALine() {
    Runnable lacking =
        () -> {
          throw new ExceptionInInitializerError(
              new RuntimeException("Fontconfig head is null, check your fonts"));
        };
    assertThatThrownBy(() -> Fonts.require(lacking))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "figures need fonts and this Java finds none; install fontconfig and a font, such as the"
                + " packages fontconfig and fonts-liberation (Java says:"
                + " java.lang.RuntimeException: Fontconfig head is null, check your fonts)");
  }

  @Test
  void whatIsTooLongKeepsItsBeginningAndItsEnd() {
    String fitted = Fonts.fitted("a/very/long/name/of/a/run/step-100", Fonts.of(13), 100);
    assertThat(fitted).startsWith("a/ver").contains("\u2026").endsWith("ep-100");
    assertThat(Fonts.width(fitted, Fonts.of(13))).isBetween(85.0, 100.0);
    assertThat(Fonts.fitted("short", Fonts.of(13), 100)).isEqualTo("short");
  }
}
