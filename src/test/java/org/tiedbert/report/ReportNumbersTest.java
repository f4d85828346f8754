package org.tiedbert.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportNumbersTest {
  @Test
  void areShortAndNeverNoNumbers() {
    assertThat(Numbers.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(Numbers.rough(0)).isEqualTo("0");
    assertThat(Numbers.rough(960)).isEqualTo("960");
    assertThat(Numbers.rough(1000)).isEqualTo("1 k");
    assertThat(Numbers.rough(20_000)).isEqualTo("20 k");
    assertThat(Numbers.rough(1.5)).isEqualTo("1.50");
    assertThat(Numbers.rough(61_440)).isEqualTo("61.4 k");
    assertThat(Numbers.rough(999_499)).isEqualTo("999 k");
    assertThat(Numbers.rough(999_500)).isEqualTo("1 M");
    assertThat(Numbers.rough(45_548_173)).isEqualTo("45.5 M");
    assertThat(Numbers.decimal(7.46194, 3)).isEqualTo("7.462");
    assertThat(Numbers.decimal(Double.NaN, 3)).isEqualTo("–");
    assertThat(Numbers.percent(0.0447)).isEqualTo("4.5 %");
    assertThat(Numbers.percent(Double.POSITIVE_INFINITY)).isEqualTo("–");
    assertThat(Numbers.bytes(512)).isEqualTo("512 B");
    assertThat(Numbers.bytes(22_400_000)).isEqualTo("22.4 MB");
    assertThat(Numbers.of(1, "step")).isEqualTo("1 step");
    assertThat(Numbers.of(2000, "step")).isEqualTo("2,000 steps");
  }

  @Test
  void smallOnesKeepThreeDigits() {
    assertThat(Numbers.small(0)).isEqualTo("0");
    assertThat(Numbers.small(1)).isEqualTo("1");
    assertThat(Numbers.small(1.5)).isEqualTo("1.5");
    assertThat(Numbers.small(0.01)).isEqualTo("0.01");
    assertThat(Numbers.small(8.8e-4)).isEqualTo("8.8e-4");
    assertThat(Numbers.small(1e-10)).isEqualTo("1e-10");
    assertThat(Numbers.small(-2.346e-6)).isEqualTo("-2.35e-6");
    assertThat(Numbers.small(12_345)).isEqualTo("1.23e4");
    assertThat(Numbers.small(Double.NaN)).isEqualTo("–");
  }

  @Test
  void durationsAreThoseOfAClock() {
    assertThat(Numbers.duration(0.04)).isEqualTo("0.0 s");
    assertThat(Numbers.duration(8.26)).isEqualTo("8.3 s");
    assertThat(Numbers.duration(59.4)).isEqualTo("59 s");
    assertThat(Numbers.duration(59.6)).isEqualTo("1 min 0 s");
    assertThat(Numbers.duration(156.56)).isEqualTo("2 min 37 s");
    assertThat(Numbers.duration(2 * 3600 + 59 * 60 + 40)).isEqualTo("3 h 0 min");
    assertThat(Numbers.duration(50 * 3600)).isEqualTo("2 d 2 h");
    assertThat(Numbers.duration(Double.NaN)).isEqualTo("–");
  }
}
