package org.tiedbert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadableTest {
  @Test
  void secondsHaveThreeDigitsBelowAMinute() {
    assertThat(Readable.seconds(0.004271)).isEqualTo("4.27 ms");
    assertThat(Readable.seconds(1.346)).isEqualTo("1.35 s");
    assertThat(Readable.seconds(11.42)).isEqualTo("11.4 s");
    assertThat(Readable.seconds(200.9)).isEqualTo("3 min 20 s");
    assertThat(Readable.seconds(7500)).isEqualTo("2 h 5 min");
  }
}
