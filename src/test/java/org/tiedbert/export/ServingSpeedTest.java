package org.tiedbert.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.tiedbert.export.ServingSpeed.Measurement;
import org.tiedbert.export.ServingSpeed.Ratio;
import org.tiedbert.export.Turns.Times;

class ServingSpeedTest {
  private static final long MILLI = 1_000_000;

  @Test
  void measurementTakesTheCallsTogether() {
    // given: ten calls of 1, 2 … 10 ms, 55 ms in all, in two turns; tokenizing took 2 + 3.5 ms
    Times times = new Times();
    times.add(millis(10, 1, 9, 2, 8), 2 * MILLI);
    times.add(millis(7, 4, 6, 5, 3), 7 * MILLI / 2);
    // when
    Measurement measurement = Measurement.of(8, "engine", times);
    // then: 10 · 8 sentences in 55 ms are 1454.5 a second
    assertThat(measurement)
        .isEqualTo(new Measurement(8, "engine", 10, 80 * 1000 / 55.0, 5, 9, 0.1));
  }

  @Test
  void ratioIsThatOfTheTurnsAndTheFasterHasMore() {
    // given: turns of the one take 1 s each, of the other 1 s, 2 s … 11 s
    Times served = new Times();
    Times other = new Times();
    for (int turn = 1; turn <= 11; turn++) {
      served.add(millis(400, 600), 0);
      other.add(millis(1000 * turn), 0);
    }
    // when
    Ratio ratio = Ratio.of(32, served, other);
    // then
    assertThat(ratio).isEqualTo(new Ratio(32, 11, 6, 2, 10));
  }

  private static List<Long> millis(long... millis) {
    return LongStream.of(millis).map(time -> time * MILLI).boxed().toList();
  }
}
